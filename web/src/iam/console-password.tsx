import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { asApiError } from "../api/errors";
import { useSession } from "../app/session";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Copyable } from "../common/secret";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { SetPassword } from "./set-password";
import { signInUrl } from "./sign-in-url";

const s = t.iam.password;

/** A user's login profile; null where there is none. */
export function useLogin(user: string) {
  return useQuery({
    queryKey: ["login", user],
    queryFn: async () => {
      try {
        return (await call("iam", "GetLoginProfile", { UserName: user })).LoginProfile;
      } catch (error) {
        if (asApiError(error).code === "NoSuchEntity") return null;
        throw error;
      }
    },
  });
}

export function ConsolePassword({ user }: { user: string }) {
  const { principal } = useSession();
  const query = useLogin(user);
  const [dialog, setDialog] = useState<"set" | "disable" | null>(null);
  const exists = query.data !== null && query.data !== undefined;
  const url = signInUrl(principal.alias || principal.account);
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Guarded needs="iam:DeleteLoginProfile" disabled={!exists} onClick={() => setDialog("disable")}>
                {s.disable}
              </Guarded>
              <Guarded
                needs={exists ? "iam:UpdateLoginProfile" : "iam:CreateLoginProfile"}
                onClick={() => setDialog("set")}
              >
                {exists ? s.manage : s.enable}
              </Guarded>
            </SpaceBetween>
          }
        >
          {s.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        <KeyValuePairs
          columns={2}
          items={[
            { label: s.link, value: <Copyable text={url} name={s.link} /> },
            { label: s.state, value: exists ? s.set(ago(query.data?.CreateDate).toLowerCase()) : s.notSet },
          ]}
        />
      </SpaceBetween>
      {dialog === "set" && <SetPassword user={user} exists={exists} onClose={() => setDialog(null)} />}
      {dialog === "disable" && (
        <ConfirmDelete
          title={s.disable}
          word={user}
          label={s.disable}
          calls={[{ service: "iam", operation: "DeleteLoginProfile", input: { UserName: user } }]}
          run={() => call("iam", "DeleteLoginProfile", { UserName: user })}
          onDone={() => {
            notify("success", s.disabledDone(user));
            setDialog(null);
          }}
          onCancel={() => setDialog(null)}
        >
          {s.disableHelp(user)}
        </ConfirmDelete>
      )}
    </Container>
  );
}
