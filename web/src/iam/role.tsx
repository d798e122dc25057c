import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { call } from "../api/client";
import type { IamRole } from "../api/types";
import { useAction } from "../common/action";
import { documentText } from "../common/document";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Page } from "../common/page";
import { PolicyEditor } from "../common/policy-editor";
import { Copyable } from "../common/secret";
import { ShowAsCode } from "../common/show-code";
import { ago, moment } from "../common/times";
import { t } from "../strings/en";
import { AttachedPolicies } from "./attached-policies";
import { Boundary } from "./boundary";
import { DeleteRole } from "./delete-entity";
import { PolicyField } from "./policy-field";
import { TRAIL } from "./trail";

const s = t.iam.roles;

export default function RolePage() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const query = useQuery({
    queryKey: ["role", name],
    queryFn: async () => (await call("iam", "GetRole", { RoleName: name })).Role,
  });
  const role = query.data;
  return (
    <Page
      title={name}
      trail={TRAIL.roles}
      description={role?.Description}
      actions={
        <Guarded needs="iam:DeleteRole" onClick={() => setDeleting(true)}>
          {t.actions.delete}
        </Guarded>
      }
    >
      <SpaceBetween size="l">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        {query.isLoading && <Spinner />}
        {role !== undefined && (
          <>
            <Container>
              <KeyValuePairs
                columns={3}
                items={[
                  { label: t.iam.created, value: moment(role.CreateDate) },
                  { label: t.iam.arn, value: <Copyable text={role.Arn} name={t.iam.arn} /> },
                  { label: s.maxSession, value: s.hours(role.MaxSessionDuration ?? 3600) },
                  { label: s.lastActivity, value: ago(role.RoleLastUsed?.LastUsedDate) },
                ]}
              />
            </Container>
            <Tabs
              tabs={[
                {
                  id: "permissions",
                  label: t.iam.user.permissions,
                  content: (
                    <SpaceBetween size="l">
                      <AttachedPolicies kind="Role" name={name} />
                      <Boundary kind="Role" name={name} arn={role.PermissionsBoundary?.PermissionsBoundaryArn} />
                    </SpaceBetween>
                  ),
                },
                { id: "trust", label: s.trustTab, content: <Trust role={role} /> },
              ]}
            />
          </>
        )}
      </SpaceBetween>
      {deleting && (
        <DeleteRole name={name} onDone={() => void navigate("/iam/roles")} onCancel={() => setDeleting(false)} />
      )}
    </Page>
  );
}

function Trust({ role }: { role: IamRole }) {
  const action = useAction();
  const [edited, setEdited] = useState<string | null>(null);
  const text = documentText(role.AssumeRolePolicyDocument);
  const save = async () => {
    const input = { RoleName: role.RoleName, PolicyDocument: edited ?? text };
    if (!(await action.run(() => call("iam", "UpdateAssumeRolePolicy", input)))) return;
    notify("success", s.trustSaved);
    setEdited(null);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            edited === null ? (
              <Guarded needs="iam:UpdateAssumeRolePolicy" onClick={() => setEdited(text)}>
                {s.editTrust}
              </Guarded>
            ) : (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setEdited(null)}>
                  {t.actions.cancel}
                </Button>
                <Button variant="primary" loading={action.busy} onClick={() => void save()}>
                  {s.updateTrust}
                </Button>
              </SpaceBetween>
            )
          }
        >
          {s.trustTab}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Failure error={action.error} onDismiss={action.clear} />
        {edited === null ? (
          <PolicyEditor value={text} label={s.trust} />
        ) : (
          <>
            <PolicyField value={edited} onChange={setEdited} error={action.error} kind="trust" label={s.trust} />
            <ShowAsCode
              calls={[
                {
                  service: "iam",
                  operation: "UpdateAssumeRolePolicy",
                  input: { RoleName: role.RoleName, PolicyDocument: edited },
                },
              ]}
            />
          </>
        )}
      </SpaceBetween>
    </Container>
  );
}
