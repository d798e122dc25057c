import { call, send } from "../api/client";
import { each } from "../api/walk";

export interface UnusedKey {
  id: string;
  user: string;
  created: string;
  last_used: string | null;
}

interface Answer {
  keys: UnusedKey[];
  looked: number;
  of?: number;
  next: [string, string] | null;
}

export interface FoundKeys {
  keys: UnusedKey[];
  /** There may be more behind them. */
  more: boolean;
}

const AT_MOST = 1000;
const DAY = 86_400_000;

/** Active keys that nobody has used for so many days; `tell` hears how many were looked at, of how many. */
export async function findUnused(
  days: number,
  tell: (looked: number, of: number) => void,
  signal: AbortSignal,
): Promise<FoundKeys> {
  const since = Date.now() - days * DAY;
  const keys: UnusedKey[] = [];
  let next: Answer["next"] = null;
  let [looked, of] = [0, 0];
  do {
    const answer: Answer = await send<Answer>("POST", "keys/unused", { since, next });
    keys.push(...answer.keys);
    looked += answer.looked;
    of = answer.of ?? of;
    tell(looked, of);
    next = answer.next;
  } while (next !== null && keys.length < AT_MOST && !signal.aborted);
  return { keys: keys.sort((a, b) => a.user.localeCompare(b.user)), more: next !== null };
}

export async function deactivate(keys: readonly UnusedKey[], tell: (done: number) => void): Promise<void> {
  let done = 0;
  await each(keys, async ({ user, id }) => {
    await call("iam", "UpdateAccessKey", { UserName: user, AccessKeyId: id, Status: "Inactive" });
    tell(++done);
  });
}
