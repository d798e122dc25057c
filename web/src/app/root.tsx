import Alert from "@cloudscape-design/components/alert";
import Spinner from "@cloudscape-design/components/spinner";
import { Suspense, lazy } from "react";
import { asApiError } from "../api/errors";
import { t } from "../strings/en";
import { Crash } from "./crash";
import { useSessionState } from "./session";

const Shell = lazy(() => import("./shell"));
const SignIn = lazy(() => import("./sign-in"));
const NewPassword = lazy(() => import("./new-password"));

/** The gate, a forced change of password, or the console. */
export function Root() {
  const { session, known, error } = useSessionState();
  return (
    <Crash at="root">
      <Suspense fallback={<Waiting />}>
        {error !== null ? (
          <Alert type="error" header={t.shell.errorLoading}>
            {asApiError(error).message}
          </Alert>
        ) : !known ? (
          <Waiting />
        ) : session === null ? (
          <SignIn />
        ) : session.must_change_password ? (
          <NewPassword />
        ) : (
          <Shell />
        )}
      </Suspense>
    </Crash>
  );
}

function Waiting() {
  return (
    <main className="gate" aria-label={t.shell.loading}>
      <Spinner size="large" />
    </main>
  );
}
