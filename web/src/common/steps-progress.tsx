import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { Failure } from "./failure";
import type { Steps } from "./steps";

/** What has been done, what failed and what is left. */
export function StepsProgress({ steps }: { steps: Steps }) {
  if (steps.labels.length === 0 || (!steps.busy && steps.error === null)) return null;
  const type = (index: number): StatusIndicatorProps.Type => {
    if (index < steps.done) return "success";
    if (index > steps.done) return "pending";
    return steps.busy ? "in-progress" : "error";
  };
  return (
    <SpaceBetween size="s">
      <Failure error={steps.error} onDismiss={steps.clear} />
      <ul className="steps" aria-live="polite">
        {steps.labels.map((label, index) => (
          <li key={label}>
            <StatusIndicator type={type(index)}>{label}</StatusIndicator>
          </li>
        ))}
      </ul>
    </SpaceBetween>
  );
}
