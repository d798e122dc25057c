import Spinner from "@cloudscape-design/components/spinner";
import { Suspense, lazy } from "react";
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
    <Suspense fallback={<Spinner />}>
      <CodeMirrorEditor {...props} />
    </Suspense>
  );
}
