import type { FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useSyncExternalStore } from "react";
import { t } from "../strings/en";

interface Notice {
  shown: FlashbarProps.MessageDefinition;
  /** Pages that were opened since. */
  pages: number;
}

const AT_ONCE = 4;

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  listeners.forEach((listener) => listener());
}

/** Tells what was done: here, or on the page that is opened then; no longer. */
export function notify(type: "success" | "info" | "warning", content: string): void {
  const id = `notice-${++last}`;
  const shown = {
    id,
    type,
    content,
    dismissible: true,
    dismissLabel: t.actions.dismiss,
    onDismiss: () => set(notices.filter((each) => each.shown.id !== id)),
  };
  set([{ shown, pages: 0 }, ...notices].slice(0, AT_ONCE));
}

/** Another page is opened: what was told before the page that is left goes with it. */
export function turnNotices(): void {
  const next = notices.filter((each) => each.pages === 0).map((each) => ({ ...each, pages: 1 }));
  if (notices.length > 0) set(next);
}

/** Somebody else may be in front of the screen. */
export function forgetNotices(): void {
  if (notices.length > 0) set([]);
}

export function useNotices(): FlashbarProps.MessageDefinition[] {
  const items = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return items.map((each) => each.shown);
}
