import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import type { ButtonDropdownProps } from "@cloudscape-design/components/button-dropdown";
import { useId, useSyncExternalStore } from "react";
import { onDenial } from "../api/client";
import { t } from "../strings/en";
import { useMissingRights, type Action } from "./rights";

const FORGOTTEN_AFTER = 60_000;

/** Actions that nothing allowed when they were last tried, with the time of it. */
let denied: ReadonlyMap<string, number> = new Map();
const listeners = new Set<() => void>();

onDenial(({ explanation }) => {
  const allowed = explanation?.layers.some((layer) => layer.statements.some((each) => each.effect === "Allow"));
  if (explanation === null || allowed) return;
  denied = new Map(denied).set(explanation.request.action, Date.now());
  listeners.forEach((listener) => listener());
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether an action is known to be one that the user does not have on anything. */
function useIsMissing(): (action: Action) => boolean {
  const tried = useSyncExternalStore(subscribe, () => denied);
  const missing = useMissingRights();
  return (action) => missing.has(action) || Date.now() - (tried.get(action) ?? 0) < FORGOTTEN_AFTER;
}

interface GuardedProps extends ButtonProps {
  /** What the button needs. */
  needs: Action | readonly Action[];
  /** What older guides call it, told to whoever listens to the page. */
  older?: string;
}

/** A button that says which permission is missing instead of failing. */
export function Guarded({ needs, older, ...props }: GuardedProps) {
  const id = useId();
  const isMissing = useIsMissing();
  const missing = (typeof needs === "string" ? [needs] : needs).find(isMissing);
  if (missing !== undefined) return <Button {...props} disabled disabledReason={t.guard.missing(missing)} />;
  if (older === undefined) return <Button {...props} />;
  return (
    <>
      <Button {...props} ariaDescribedby={id} />
      <span id={id} hidden>
        {t.guard.older(older)}
      </span>
    </>
  );
}

interface MenuItem {
  id: string;
  text: string;
  needs: Action;
  disabled?: boolean;
  disabledReason?: string;
}

/** Items of a menu button, of which each says which permission it lacks. */
export function useGuardedItems(items: readonly MenuItem[]): ButtonDropdownProps.Item[] {
  const isMissing = useIsMissing();
  return items.map(({ needs, ...item }) =>
    isMissing(needs) ? { ...item, disabled: true, disabledReason: t.guard.missing(needs) } : item,
  );
}
