/** One page of a list that the server pages: `next` asks for the page that follows. */
export interface Page<T> {
  items: T[];
  next?: string | undefined;
}

export type Pager<T> = (next: string | undefined, size: number) => Promise<Page<T>>;

const BIGGEST = 1000;

/** Every item; `onProgress` hears how many have come so far. */
export async function all<T>(pager: Pager<T>, onProgress?: (count: number) => void): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined;
  do {
    const page = await pager(next, BIGGEST);
    found.push(...page.items);
    next = page.next;
    onProgress?.(found.length);
  } while (next !== undefined);
  return found;
}

/** At most `limit` items that fit, however many pages it takes to find them. */
export async function search<T>(pager: Pager<T>, fits: (item: T) => boolean, limit: number): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined;
  do {
    const page = await pager(next, BIGGEST);
    found.push(...page.items.filter(fits));
    next = page.next;
  } while (next !== undefined && found.length < limit);
  return found.slice(0, limit);
}

/** `work` on each item, a few at a time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 6): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
