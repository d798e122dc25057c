import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { asApiError } from "../api/errors";
import { t } from "../strings/en";
import { WhyDenied } from "./why";

interface FailureProps {
  error: unknown;
  onDismiss?: () => void;
  onRetry?: () => void;
}

/** What went wrong with a call, why, and what to do. Nothing where there is no error. */
export function Failure({ error, onDismiss, onRetry }: FailureProps) {
  if (error === null || error === undefined) return null;
  const fault = asApiError(error);
  const title =
    fault.explanation !== null || fault.code.startsWith("AccessDenied")
      ? t.errors.denied
      : fault.status === 501
        ? t.errors.notBuilt
        : t.errors.title(fault.code);
  const hint = t.errors.hints[fault.code];
  return (
    <Alert
      type={fault.status === 501 ? "info" : "error"}
      header={title}
      dismissible={onDismiss !== undefined}
      onDismiss={onDismiss}
      action={onRetry && <Button onClick={onRetry}>{t.errors.retry}</Button>}
    >
      <SpaceBetween size="xs">
        <Box variant="span">{fault.message}</Box>
        {hint !== undefined && <Box variant="span">{hint}</Box>}
        {fault.explanation !== null && <WhyDenied explanation={fault.explanation} />}
        {fault.requestId !== "" && (
          <Box variant="small" color="inherit">
            {t.errors.requestId(fault.requestId)}
          </Box>
        )}
      </SpaceBetween>
    </Alert>
  );
}
