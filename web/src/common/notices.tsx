import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useSyncExternalStore, type ReactNode } from "react";
import { t } from "../strings/en";

type Notice = FlashbarProps.MessageDefinition;

let notices: readonly Notice[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  listeners.forEach((listener) => listener());
}

/** Tell what was done; it stays until it is dismissed or four newer ones have come. */
export function notify(type: "success" | "info" | "warning", content: ReactNode): void {
  const id = `notice-${++last}`;
  const notice: Notice = {
    id,
    type,
    content,
    dismissible: true,
    dismissLabel: t.actions.dismiss,
    onDismiss: () => set(notices.filter((each) => each.id !== id)),
  };
  set([notice, ...notices].slice(0, 4));
}

export function Notices() {
  const items = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return <Flashbar items={items} />;
}
