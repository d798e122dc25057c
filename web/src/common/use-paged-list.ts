import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { search, type Found, type Pager } from "../api/walk";

const SIZE = 25;
const FOUND_AT_MOST = 100;

interface Listing<T> {
  list: readonly unknown[];
  pager: Pager<T>;
  id: (item: T) => string;
  text: (item: T) => string;
}

interface Shown<T> {
  items: T[];
  next?: string | undefined;
  found?: Found<T>;
}

/** What of a list is on the screen: a page of it, or what a search has found. */
export function usePagedList<T>({ list, pager, id, text }: Listing<T>) {
  const queries = useQueryClient();
  const [markers, setMarkers] = useState<(string | undefined)[]>([undefined]);
  const [page, setPage] = useState(1);
  const [wanted, setWanted] = useState("");
  const [everywhere, setEverywhere] = useState(false);
  const [looked, setLooked] = useState(0);
  const marker = markers[page - 1];
  const queryKey = [...list, wanted === "" ? { marker } : { wanted, everywhere }];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Shown<T>> => {
      if (wanted === "") return pager(marker, SIZE);
      setLooked(0);
      const asked = { text: wanted, of: text, id, limit: FOUND_AT_MOST, everywhere, onLooked: setLooked, signal };
      const found = await search(pager, asked);
      return { items: found.items, found };
    },
  });
  const next = query.data?.next;
  return {
    query,
    items: query.data?.items ?? [],
    found: query.data?.found,
    wanted,
    looked,
    page,
    more: next !== undefined,
    known: Math.max(markers.length, page),
    /** Looks for names that begin with the text, and a little way inside them. */
    find: (words: string) => {
      setWanted(words);
      setEverywhere(false);
      setPage(1);
    },
    /** Goes through the whole list, which may take a while. */
    findEverywhere: () => setEverywhere(true),
    stop: () => {
      void queries.cancelQueries({ queryKey });
      setEverywhere(false);
    },
    turn: (to: number) => {
      if (to > markers.length && next !== undefined) setMarkers([...markers, next]);
      if (to <= markers.length || next !== undefined) setPage(to);
    },
  };
}

export type PagedList<T> = ReturnType<typeof usePagedList<T>>;
