import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from "react";
import { useLocation } from "react-router";
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
export function notify(type: "success" | "info" | "warning", content: ReactNode): void {
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
function turn(): void {
  const next = notices.filter((each) => each.pages === 0).map((each) => ({ ...each, pages: 1 }));
  if (notices.length > 0) set(next);
}

/** Somebody else may be in front of the screen. */
export function forgetNotices(): void {
  if (notices.length > 0) set([]);
}

export function Notices() {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current !== pathname) turn();
    before.current = pathname;
  }, [pathname]);
  const items = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return <Flashbar items={items.map((each) => each.shown)} />;
}
