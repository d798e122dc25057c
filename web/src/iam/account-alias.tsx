import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import { useSession, useSessionState } from "../app/session";
import { useAction } from "../common/action";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";

const s = t.iam.settings;

/** A name for the account at sign-in. */
export function AccountAlias() {
  const { principal } = useSession();
  const { reload } = useSessionState();
  const action = useAction();
  const current = principal.alias ?? "";
  const [alias, setAlias] = useState(current);
  const [deleting, setDeleting] = useState(false);
  const save = async () => {
    if (!(await action.run(() => call("iam", "CreateAccountAlias", { AccountAlias: alias })))) return;
    notify("success", s.aliasSaved);
    await reload();
  };
  const deleted = async () => {
    notify("success", s.aliasDeleted);
    setDeleting(false);
    setAlias("");
    await reload();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={s.aliasHelp}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Guarded needs="iam:DeleteAccountAlias" disabled={current === ""} onClick={() => setDeleting(true)}>
                {s.aliasDelete}
              </Guarded>
              <Guarded
                needs="iam:CreateAccountAlias"
                disabled={alias === ""}
                loading={action.busy}
                onClick={() => void save()}
              >
                {s.aliasSave}
              </Guarded>
            </SpaceBetween>
          }
        >
          {s.alias}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Failure error={action.error} onDismiss={action.clear} />
        <FormField label={s.aliasLabel} constraintText={s.aliasForm}>
          <Input value={alias} onChange={({ detail }) => setAlias(detail.value)} />
        </FormField>
        <ShowAsCode
          calls={
            alias === "" ? [] : [{ service: "iam", operation: "CreateAccountAlias", input: { AccountAlias: alias } }]
          }
        />
      </SpaceBetween>
      {deleting && (
        <ConfirmDelete
          title={s.aliasDelete}
          word={current}
          calls={[{ service: "iam", operation: "DeleteAccountAlias", input: { AccountAlias: current } }]}
          run={() => call("iam", "DeleteAccountAlias", { AccountAlias: current })}
          onDone={() => void deleted()}
          onCancel={() => setDeleting(false)}
        >
          {s.aliasDeleteHelp}
        </ConfirmDelete>
      )}
    </Container>
  );
}
