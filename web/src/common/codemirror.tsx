import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  HighlightStyle,
  bracketMatching,
  foldGutter,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { syntaxFault, type Finding } from "./findings";
import type { PolicyEditorProps } from "./policy-editor";

// Colours are the page's own, so that both modes have their contrast.
const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, class: "json-name" },
  { tag: tags.string, class: "json-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "json-value" },
]);

const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

export default function CodeMirrorEditor({ value, label, onChange, findings = [] }: PolicyEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const readOnly = onChange === undefined;

  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        EditorView.cspNonce.of(nonce()),
        lineNumbers(),
        foldGutter(),
        drawSelection(),
        history(),
        indentOnInput(),
        bracketMatching(),
        json(),
        syntaxHighlighting(COLOURS),
        lintGutter(),
        readOnly ? [] : highlightActiveLine(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorState.readOnly.of(readOnly),
        EditorView.domEventHandlers({ beforeinput: replaceByEditor }),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current?.(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
    // The editor holds the text; what comes from outside is put in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [label, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || readOnly) return;
    editor.dispatch(setDiagnostics(editor.state, diagnostics(editor.state, value, findings)));
  }, [value, findings, readOnly]);

  return <div ref={place} className="editor" />;
}

/** Where text is typed over a selection, the browser would keep its looks in a style attribute, which the CSP forbids. */
function replaceByEditor(event: InputEvent, editor: EditorView): boolean {
  const { state } = editor;
  if (event.inputType !== "insertText" || event.data === null || state.readOnly) return false;
  if (editor.composing || state.selection.main.empty) return false;
  event.preventDefault();
  editor.dispatch(state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

function diagnostics(state: EditorState, text: string, findings: readonly Finding[]): Diagnostic[] {
  const fault = syntaxFault(text);
  if (fault !== null) {
    const from = Math.min(fault.at, state.doc.length);
    return [{ from, to: from, severity: "error", message: fault.message }];
  }
  return findings.map(({ message, path }) => ({ ...placeOf(state, path), severity: "error", message }));
}

/** Where in the text `Statement[1].Action` stands; all of it where the path leads nowhere. */
function placeOf(state: EditorState, path: string): { from: number; to: number } {
  let node = syntaxTree(state).topNode.firstChild;
  let place = { from: 0, to: Math.min(1, state.doc.length) };
  for (const word of path.match(/[^.[\]]+/g) ?? []) {
    if (node === null) break;
    if (/^\d+$/.test(word)) {
      // A single statement need not be in a list.
      if (node.name !== "Array") continue;
      const items = children(node).filter((each) => !["[", "]", ",", "⚠"].includes(each.name));
      node = items[Number(word)] ?? null;
    } else {
      const property = children(node).find((each) => each.name === "Property" && nameOf(state, each) === word);
      node = property?.lastChild ?? null;
    }
    if (node !== null) place = { from: node.from, to: node.to };
  }
  return place;
}

type Node = NonNullable<ReturnType<typeof syntaxTree>["topNode"]["firstChild"]>;

function children(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

function nameOf(state: EditorState, property: Node): string {
  const name = property.firstChild;
  return name === null ? "" : state.sliceDoc(name.from, name.to).replaceAll('"', "");
}
