import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { send } from "../api/client";
import { ApiError, asApiError } from "../api/errors";
import { t } from "../strings/en";
import { syntaxFault, type Finding } from "./findings";

export type DocumentKind = "managed" | "inline" | "trust" | "resource";

const PAUSE = 400;
const OF_POLICIES = new Set(["MalformedPolicyDocument", "MalformedPolicy", "InvalidPolicyDocument"]);

/** What the server finds wrong with a document while it is written, and what it said when it was last sent. */
export function useFindings(text: string, kind: DocumentKind, error: unknown) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const syntax = syntaxFault(text) !== null;
  const query = useQuery({
    queryKey: ["findings", kind, settled],
    enabled: !syntax && settled !== "",
    queryFn: async () => {
      const answer = await send<{ findings: Finding[] }>("POST", "policy/findings", { document: settled, kind });
      return answer.findings;
    },
  });
  const said = refusal(error);
  const findings = query.data ?? (said === null ? [] : [said]);
  const state = syntax ? "syntax" : query.data !== undefined && settled === text ? "checked" : "unknown";
  return { findings: syntax ? [] : findings, state } as const;
}

/** Why a document is not yet one that could be saved, as far as is known; null where nothing speaks against it. */
export function useDocumentProblem(text: string, kind: DocumentKind): string | null {
  const { findings, state } = useFindings(text, kind, null);
  if (state === "syntax") return t.iam.policies.mendJson;
  return state === "checked" && findings.length > 0 ? t.iam.policies.mendFindings : null;
}

function refusal(error: unknown): Finding | null {
  if (!(error instanceof ApiError)) return null;
  const { code, message } = asApiError(error);
  return OF_POLICIES.has(code) ? { message, path: "" } : null;
}
