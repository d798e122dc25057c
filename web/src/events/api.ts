import { send } from "../api/client";
import type { Explanation } from "../api/errors";

export type Result = "ok" | "denied" | "error";

export interface EventRow {
  id: string;
  time: string;
  principal: string;
  user: string;
  service: string;
  name: string;
  actions: string[];
  resources: string[];
  outcome: Result;
  error_code: string;
  error_message: string;
  request_id: string;
  source_ip: string;
  from_console: boolean;
}

export interface EventDetail extends EventRow {
  record: unknown;
  explanation: Explanation | null;
}

export interface Filters {
  user: string;
  action: string;
  service: string;
  outcome: Result | "";
  request: string;
}

interface Answer {
  events: EventRow[];
  /** Where older events begin. */
  next?: string | null;
  /** Where newer events begin. */
  latest?: string;
}

export function readEvents(filters: Filters, place: { next?: string; after?: string } = {}): Promise<Answer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, ...place })) {
    if (value) query.set(name, value);
  }
  return send("GET", `events?${query.toString()}`);
}

export function readEvent(id: string): Promise<EventDetail> {
  return send("GET", `events/${encodeURIComponent(id)}`);
}
