/** One page of a list that the server pages: `next` asks for the page that follows. */
export interface Page<T> {
  items: T[];
  next?: string | undefined;
}

export interface Pager<T> {
  (next: string | undefined, size: number): Promise<Page<T>>;
  /** Those whose name begins with a text, by an index of the server: at most `size`, in one call. */
  starting?: (text: string, size: number) => Promise<T[]>;
}

const BIGGEST = 1000;

/** Every item of a list that is short by its nature. */
export async function all<T>(pager: Pager<T>): Promise<T[]> {
  const found: T[] = [];
  await inPages(pager, async (items) => void found.push(...items));
  return found;
}

/** `look` at each page in turn, until it says false. */
async function pages<T>(pager: Pager<T>, look: (items: T[]) => Promise<boolean>): Promise<boolean> {
  let next: string | undefined;
  do {
    const page = await pager(next, BIGGEST);
    if (!(await look(page.items))) return page.next === undefined;
    next = page.next;
  } while (next !== undefined);
  return true;
}

/** `work` on each page of a list, however long it is. */
export async function inPages<T>(pager: Pager<T>, work: (items: T[]) => Promise<void>): Promise<void> {
  await pages(pager, async (items) => {
    await work(items);
    return true;
  });
}

/** `work` on what one call takes at a time. */
export async function eachChunk<T>(items: readonly T[], work: (some: readonly T[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += BIGGEST) await work(items.slice(from, from + BIGGEST));
}

export interface Found<T> {
  items: T[];
  /** How many were looked at, page by page. */
  looked: number;
  /** Nothing that fits is missing. */
  complete: boolean;
}

interface Search<T> {
  text: string;
  /** What the text is looked for in. */
  of: (item: T) => string;
  id: (item: T) => string;
  /** Found items at most. */
  limit: number;
  /** Go through all pages, not only the first: everything then comes to the browser. */
  everywhere: boolean;
  onLooked: (count: number) => void;
  signal: AbortSignal;
}

const FIRST_PAGES = 3;

/** What begins with the text, by the server's index, and what has it inside among the first pages, or everywhere. */
export async function search<T>(pager: Pager<T>, asked: Search<T>): Promise<Found<T>> {
  const lower = asked.text.toLowerCase();
  const found = new Map<string, T>();
  const add = (items: T[]) => {
    for (const item of items) if (found.size < asked.limit) found.set(asked.id(item), item);
  };
  if (pager.starting) add(await pager.starting(asked.text, asked.limit));
  const most = asked.everywhere ? Infinity : pager.starting ? 1 : FIRST_PAGES;
  let looked = 0;
  let seen = 0;
  const ended =
    found.size < asked.limit &&
    (await pages(pager, async (items) => {
      add(items.filter((item) => asked.of(item).toLowerCase().includes(lower)));
      looked += items.length;
      asked.onLooked(looked);
      return ++seen < most && found.size < asked.limit && !asked.signal.aborted;
    }));
  return { items: [...found.values()], looked, complete: ended && found.size < asked.limit };
}

/** `work` on each item, a few at a time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 6): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
