import Container from "@cloudscape-design/components/container";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { call } from "../api/client";
import { useSession } from "../app/session";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { Page } from "../common/page";
import { Copyable } from "../common/secret";
import { moment } from "../common/times";
import { t } from "../strings/en";
import { AccessKeys, useKeys } from "./access-keys";
import { AttachedPolicies } from "./attached-policies";
import { Boundary } from "./boundary";
import { ConsolePassword, useLogin } from "./console-password";
import { DeleteUser } from "./delete-entity";
import { Devices } from "./mfa";
import { TRAIL } from "./trail";
import { UserGroups } from "./user-groups";
import { UserTags } from "./user-tags";

const s = t.iam.user;

export default function UserPage() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const { principal } = useSession();
  const [search, setSearch] = useSearchParams();
  const [deleting, setDeleting] = useState(false);
  const query = useQuery({ queryKey: ["user", name], queryFn: () => call("iam", "GetUser", { UserName: name }) });
  const user = query.data?.User;
  const own = principal.type === "user" && principal.name === name;
  return (
    <Page
      title={name}
      trail={TRAIL.users}
      actions={
        <Guarded needs="iam:DeleteUser" onClick={() => setDeleting(true)}>
          {t.actions.delete}
        </Guarded>
      }
    >
      <SpaceBetween size="l">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        {query.isLoading && <Spinner />}
        {user !== undefined && (
          <>
            <Summary name={name} arn={user.Arn} created={user.CreateDate} lastSignIn={user.PasswordLastUsed} />
            <Tabs
              activeTabId={search.get("tab") ?? "permissions"}
              onChange={({ detail }) => setSearch({ tab: detail.activeTabId }, { replace: true })}
              tabs={[
                {
                  id: "permissions",
                  label: s.permissions,
                  content: (
                    <SpaceBetween size="l">
                      <AttachedPolicies kind="User" name={name} />
                      <Boundary kind="User" name={name} arn={user.PermissionsBoundary?.PermissionsBoundaryArn} />
                    </SpaceBetween>
                  ),
                },
                { id: "groups", label: s.groups, content: <UserGroups user={name} /> },
                { id: "tags", label: s.tags, content: <UserTags user={name} /> },
                {
                  id: "credentials",
                  label: s.credentials,
                  content: (
                    <SpaceBetween size="l">
                      <ConsolePassword user={name} />
                      <Devices user={name} own={own} />
                      <AccessKeys user={name} />
                    </SpaceBetween>
                  ),
                },
              ]}
            />
          </>
        )}
      </SpaceBetween>
      {deleting && (
        <DeleteUser name={name} onDone={() => void navigate("/iam/users")} onCancel={() => setDeleting(false)} />
      )}
    </Page>
  );
}

interface SummaryProps {
  name: string;
  arn: string;
  created: string;
  lastSignIn: string | undefined;
}

function Summary({ name, arn, created, lastSignIn }: SummaryProps) {
  const login = useLogin(name);
  const keys = useKeys(name).data ?? [];
  const access = login.data === undefined ? s.disabled : login.data === null ? s.disabled : s.enabled;
  return (
    <Container>
      <KeyValuePairs
        columns={3}
        items={[
          { label: t.iam.arn, value: <Copyable text={arn} name={t.iam.arn} /> },
          {
            label: s.consoleAccess,
            value: <StatusIndicator type={login.data ? "success" : "stopped"}>{access}</StatusIndicator>,
          },
          ...[0, 1].map((index) => ({
            label: s.key(index + 1),
            value:
              keys[index] === undefined
                ? s.noKey
                : `${keys[index].AccessKeyId} – ${keys[index].Status === "Active" ? t.iam.keys.active : t.iam.keys.inactive}`,
          })),
          { label: t.iam.created, value: moment(created) },
          { label: s.lastSignIn, value: lastSignIn ? moment(lastSignIn) : t.time.never },
        ]}
      />
    </Container>
  );
}
