import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useFindings, type DocumentKind } from "../common/check-policy";
import { pretty } from "../common/document";
import { PolicyEditor } from "../common/policy-editor";
import { t } from "../strings/en";

const s = t.iam.policies;

export const NEW_POLICY = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [],
      "Resource": []
    }
  ]
}`;

interface PolicyFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** Of the last attempt to save: what the server said then. */
  error: unknown;
  kind: DocumentKind;
  label?: string;
}

/** The JSON editor with what the server finds wrong, at its place, as it is written. */
export function PolicyField({ value, onChange, error, kind, label }: PolicyFieldProps) {
  const { findings, state } = useFindings(value, kind, error);
  return (
    <SpaceBetween size="xs">
      <PolicyEditor value={value} onChange={onChange} label={label ?? s.editor} findings={findings} />
      <div aria-live="polite" className="findings">
        <SpaceBetween size="xs" direction="horizontal" alignItems="center">
          {state === "syntax" ? (
            <StatusIndicator type="warning">{s.notJson}</StatusIndicator>
          ) : findings.length > 0 ? (
            <StatusIndicator type="error">{s.errors(findings.length)}</StatusIndicator>
          ) : state === "checked" ? (
            <StatusIndicator type="success">{`${s.errors(0)}. ${s.checked}.`}</StatusIndicator>
          ) : null}
          <Box variant="small">{s.size(value.replace(/\s/g, "").length)}</Box>
          <Button variant="inline-link" onClick={() => onChange(pretty(value.replaceAll("\n", " ")))}>
            {s.format}
          </Button>
        </SpaceBetween>
        {findings.length > 0 && (
          <ul className="plain">
            {findings.map(({ message, path }) => (
              <li key={`${path} ${message}`}>{path === "" ? message : `${path}: ${message}`}</li>
            ))}
          </ul>
        )}
      </div>
    </SpaceBetween>
  );
}
