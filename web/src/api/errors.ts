/** An explanation of a denial as the server gives it (`Question.to_json`). */
export interface Mismatch {
  /** The value is another account's, and not told. */
  hidden?: boolean;
  element: string;
  operator?: string;
  key?: string;
  had: string | string[] | null;
  needed: string[];
}

export interface StatementExplanation {
  policy: string | null;
  version: string | null;
  statement: number;
  sid: string | null;
  effect: "Allow" | "Deny";
  matched: boolean;
  mismatches: Mismatch[];
}

export interface LayerExplanation {
  layer: string;
  level: number;
  verdict: "Allow" | "Deny" | "NoMatch";
  blocks: boolean;
  statements: StatementExplanation[];
}

export interface Explanation {
  request: { principal: string | null; action: string; resource: string };
  decision: "Allowed" | "ExplicitlyDenied" | "ImplicitlyDenied";
  barred: boolean;
  blocking: string[];
  layers: LayerExplanation[];
  fix: { layer: string; statement: unknown; narrower: { Condition?: unknown }[] } | null;
  fixBlockedBy: string | null;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string = "",
    readonly explanation: Explanation | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, "ClientError", error instanceof Error ? error.message : String(error));
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
