import { t } from "../strings/en";
import { ApiError, type Explanation } from "./errors";
import type { Operations } from "./types";

export type Service = keyof Operations;
export type OperationOf<S extends Service> = keyof Operations[S] & string;
export type Input<S extends Service, O extends OperationOf<S>> = Operations[S][O] extends { input: infer I }
  ? I
  : never;
export type Output<S extends Service, O extends OperationOf<S>> = Operations[S][O] extends { output: infer R }
  ? R
  : never;

interface Fault {
  code?: string;
  message?: string;
  request_id?: string;
  explanation?: Explanation | null;
}

type Listener = (error: ApiError) => void;

let csrf = "";
let onSignedOut: () => void = () => undefined;
const denialListeners = new Set<Listener>();

/** The token that the session's answer gave; sent with everything that is not a GET. */
export function setCsrf(token: string): void {
  csrf = token;
}

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function onDenial(listener: Listener): () => void {
  denialListeners.add(listener);
  return () => denialListeners.delete(listener);
}

/** One request to the console's own server. Raises ApiError. */
export async function send<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (method === "POST") {
    headers["content-type"] = "application/json";
    headers["x-csrf-token"] = csrf;
  }
  let response: Response;
  try {
    response = await fetch(`/console/api/${path}`, {
      method,
      headers,
      credentials: "same-origin",
      body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    });
  } catch {
    throw new ApiError(0, "Unreachable", t.errors.unreachable);
  }
  const text = await response.text();
  if (response.ok) return (text === "" ? {} : JSON.parse(text)) as T;
  throw refused(response.status, text, path);
}

function refused(status: number, text: string, path: string): ApiError {
  let fault: Fault = {};
  try {
    fault = JSON.parse(text) as Fault;
  } catch {
    fault = { message: text };
  }
  const error = new ApiError(
    status,
    fault.code ?? String(status),
    fault.message ?? t.errors.unknown,
    fault.request_id,
    fault.explanation ?? null,
  );
  if (status === 401 && path !== "signin") onSignedOut();
  if (error.explanation) denialListeners.forEach((listener) => listener(error));
  return error;
}

/** An AWS operation with its JSON input, as a signed call would do it. */
export function call<S extends Service, O extends OperationOf<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
): Promise<Output<S, O>> {
  return send("POST", `${service}/${operation}`, input);
}

export interface Presigned {
  url: string;
  method: string;
  headers: Record<string, string>;
}

export function presign(operation: "GetObject" | "PutObject", input: Record<string, unknown>): Promise<Presigned> {
  return send("POST", "presign", { operation, ...input });
}
