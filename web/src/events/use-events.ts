import { useCallback, useEffect, useRef, useState } from "react";
import { readEvents, type EventRow, type Filters } from "./api";

const EVERY = 2_000;
const KEPT = 1_000;
const AT_ONCE = 20;

/** The newest events that fit, older ones on demand, and with `live` what happens meanwhile. */
export function useEvents(filters: Filters, live: boolean) {
  const [rows, setRows] = useState<EventRow[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [busy, setBusy] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const latest = useRef("");
  const asked = useRef(0);

  const load = useCallback(async () => {
    const turn = ++asked.current;
    setBusy(true);
    try {
      const answer = await readEvents(filters);
      if (turn !== asked.current) return;
      latest.current = answer.events[0]?.id ?? `${Date.now()}-`;
      setRows(answer.events);
      setNext(answer.next ?? null);
      setError(null);
    } catch (failure) {
      if (turn === asked.current) setError(failure);
    } finally {
      if (turn === asked.current) setBusy(false);
    }
  }, [filters]);

  const more = async () => {
    if (next === null) return;
    const turn = asked.current;
    setBusy(true);
    try {
      let answer = await readEvents(filters, { next });
      // One answer looks at some thousand events, of which none need fit.
      for (let more = 1; more < AT_ONCE && answer.events.length === 0 && answer.next; more++)
        answer = await readEvents(filters, { next: answer.next });
      if (turn !== asked.current) return;
      setRows((before) => [...before, ...answer.events]);
      setNext(answer.next ?? null);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  useEffect(() => {
    void load();
  }, [load]);

  useEffect(() => {
    if (!live || error !== null) return;
    const timer = setInterval(async () => {
      const turn = asked.current;
      if (latest.current === "" || document.hidden) return;
      try {
        const answer = await readEvents(filters, { after: latest.current });
        if (turn !== asked.current) return;
        latest.current = answer.latest ?? latest.current;
        if (answer.events.length > 0) setRows((before) => merged(answer.events, before));
      } catch (failure) {
        setError(failure);
      }
    }, EVERY);
    return () => clearInterval(timer);
  }, [filters, live, error]);

  return { rows, next, busy, error, load, more };
}

function merged(newer: EventRow[], before: EventRow[]): EventRow[] {
  const known = new Set(before.map((row) => row.id));
  return [...newer.filter((row) => !known.has(row.id)), ...before].slice(0, KEPT);
}
