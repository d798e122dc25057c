import { send, setCsrf } from "./client";

export interface Principal {
  type: "root" | "user" | "role";
  arn: string;
  name: string;
  account: string;
  alias?: string | null;
}

export interface Session {
  signed_in: true;
  principal: Principal;
  csrf: string;
  expires_at: string;
  mfa: boolean;
  must_change_password: boolean;
  region: string;
  endpoint: string;
  version: string;
}

export type Credentials =
  | { kind: "root"; email: string; password: string; mfa_code?: string }
  | { kind: "user"; account: string; username: string; password: string; mfa_code?: string };

export interface OpenSession {
  id: string;
  current?: boolean;
  signed_in_at?: string;
  created_at?: string;
  last_seen_at?: string;
  expires_at?: string;
  source_ip?: string;
  user_agent?: string;
  mfa?: boolean;
}

type Answer = Session | { signed_in: false };

function noted(answer: Answer): Session | null {
  if (!answer.signed_in) return null;
  setCsrf(answer.csrf);
  return answer;
}

export async function readSession(): Promise<Session | null> {
  return noted(await send<Answer>("GET", "session"));
}

export async function signIn(credentials: Credentials): Promise<Session | null> {
  return noted(await send<Answer>("POST", "signin", credentials));
}

export async function signOut(): Promise<void> {
  await send("POST", "signout");
  setCsrf("");
}

export async function changePassword(old: string, fresh: string): Promise<void> {
  await send("POST", "password", { old, new: fresh });
}

export async function listSessions(): Promise<OpenSession[]> {
  const answer = await send<{ sessions: OpenSession[] } | OpenSession[]>("GET", "sessions");
  return Array.isArray(answer) ? answer : answer.sessions;
}

export async function revokeSession(id: string): Promise<void> {
  await send("POST", "sessions/revoke", { id });
}
