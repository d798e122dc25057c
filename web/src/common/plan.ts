import { call, type Input, type OperationOf, type Service } from "../api/client";
import type { Spoken } from "./as-code";

/** Calls in their order, of which each is known when what lies before it was read. */
export type Plan = () => AsyncGenerator<Spoken, void>;

const SHOWN = 50;

/** Makes the calls; `tell` hears how many are made. */
export async function carryOut(plan: Plan, tell: (done: number) => void): Promise<void> {
  let done = 0;
  for await (const { service, operation, input } of plan()) {
    await call(service as Service, operation as never, input as never);
    tell(++done);
  }
}

/** The calls as they would be made now, the first of them where there are many: nothing is changed. */
export async function foresee(plan: Plan): Promise<Spoken[]> {
  const calls: Spoken[] = [];
  for await (const each of plan()) {
    calls.push(each);
    if (calls.length === SHOWN) break;
  }
  return calls;
}

/** Each item of a list, page by page: what is taken away meanwhile moves nothing that is still to come. */
export async function* items<T>(
  pager: (next: string | undefined, size: number) => Promise<{ items: T[]; next?: string | undefined }>,
): AsyncGenerator<T, void> {
  let next: string | undefined;
  do {
    const page = await pager(next, 1000);
    yield* page.items;
    next = page.next;
  } while (next !== undefined);
}

export function iam<O extends OperationOf<"iam">>(operation: O, input: Input<"iam", O>): Spoken {
  return { service: "iam", operation, input: { ...(input as object) } };
}
