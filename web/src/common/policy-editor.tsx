import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Suspense, lazy } from "react";
import { t } from "../strings/en";
import type { Finding } from "./findings";

const CodeMirrorEditor = lazy(() => import("./codemirror"));

export interface PolicyEditorProps {
  value: string;
  label: string;
  onChange?: (value: string) => void;
  findings?: readonly Finding[];
}

/** A policy as JSON, to read (without `onChange`) or to write. */
export function PolicyEditor(props: PolicyEditorProps) {
  return (
    <Suspense fallback={<StatusIndicator type="loading">{t.table.loadingEditor}</StatusIndicator>}>
      <CodeMirrorEditor {...props} />
    </Suspense>
  );
}
