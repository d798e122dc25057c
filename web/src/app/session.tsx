import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { whenSignedOut } from "../api/client";
import { readSession, signOut as end, type Session } from "../api/session";
import { forgetNotices } from "../common/notices";

interface SessionState {
  session: Session | null;
  /** False until the server has said whether somebody is signed in. */
  known: boolean;
  ended: boolean;
  error: unknown;
  begin: (session: Session) => void;
  reload: () => Promise<void>;
  signOut: () => Promise<void>;
}

const Current = createContext<SessionState | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [session, setSession] = useState<Session | null>(null);
  const [known, setKnown] = useState(false);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const begin = useCallback(
    (next: Session) => {
      queries.clear();
      forgetNotices();
      setEnded(false);
      setSession(next);
    },
    [queries],
  );
  const reload = useCallback(async () => {
    try {
      setSession(await readSession());
      setError(null);
    } catch (failure) {
      setError(failure);
    } finally {
      setKnown(true);
    }
  }, []);
  const signOut = useCallback(async () => {
    await end();
    queries.clear();
    forgetNotices();
    setSession(null);
  }, [queries]);

  useEffect(() => {
    void reload();
    whenSignedOut(() => {
      setSession((before) => {
        if (before !== null) setEnded(true);
        return null;
      });
    });
  }, [reload]);

  const value = useMemo(
    () => ({ session, known, ended, error, begin, reload, signOut }),
    [session, known, ended, error, begin, reload, signOut],
  );
  return <Current.Provider value={value}>{children}</Current.Provider>;
}

export function useSessionState(): SessionState {
  const state = useContext(Current);
  if (state === null) throw new Error("outside of SessionProvider");
  return state;
}

/** The session of whoever is signed in; only for pages behind the sign-in. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (session === null) throw new Error("nobody is signed in");
  return session;
}
