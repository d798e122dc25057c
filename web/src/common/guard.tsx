import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import { useSyncExternalStore } from "react";
import { onDenial } from "../api/client";
import { t } from "../strings/en";

const FORGOTTEN_AFTER = 60_000;

/** Actions that nothing allowed when they were last asked for, with the time of it. */
let denied: ReadonlyMap<string, number> = new Map();
const listeners = new Set<() => void>();

onDenial(({ explanation }) => {
  const allowed = explanation?.layers.some((layer) => layer.statements.some((each) => each.effect === "Allow"));
  if (explanation === null || allowed) return;
  denied = new Map(denied).set(explanation.request.action, Date.now());
  listeners.forEach((listener) => listener());
});

/** The first of these actions that the user is known not to have on anything. */
export function useMissing(actions: readonly string[]): string | null {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => denied,
  );
  return actions.find((action) => Date.now() - (now.get(action) ?? 0) < FORGOTTEN_AFTER) ?? null;
}

interface GuardedProps extends ButtonProps {
  /** What the button needs, for example `iam:CreateUser`. */
  needs: string | readonly string[];
}

/** A button that says which permission is missing instead of failing. */
export function Guarded({ needs, ...props }: GuardedProps) {
  const missing = useMissing(typeof needs === "string" ? [needs] : needs);
  if (missing === null) return <Button {...props} />;
  return <Button {...props} disabled disabledReason={t.guard.missing(missing)} />;
}
