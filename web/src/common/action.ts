import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";

export interface Action {
  busy: boolean;
  error: unknown;
  clear: () => void;
  /** True if it went well; afterwards every list and detail is read anew. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** Something that changes the server, one at a time, with its error kept for the page. */
export function useAction(): Action {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const clear = useCallback(() => setError(null), []);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true);
      setError(null);
      try {
        await work();
        return true;
      } catch (failure) {
        setError(failure);
        return false;
      } finally {
        setBusy(false);
        void queries.invalidateQueries();
      }
    },
    [queries],
  );
  return { busy, error, clear, run };
}
