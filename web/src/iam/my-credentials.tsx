import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type FormEvent } from "react";
import { changePassword } from "../api/session";
import { useSession, useSessionState } from "../app/session";
import { useAction } from "../common/action";
import { OWN_PASSWORD } from "../common/as-code";
import { Failure } from "../common/failure";
import { notify } from "../common/notices";
import { Page } from "../common/page";
import { Copyable } from "../common/secret";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { AccessKeys } from "./access-keys";
import { Devices } from "./mfa";
import { TRAIL } from "./trail";

const s = t.iam.mine;

/** Whoever is signed in: password, MFA, access keys. */
export default function MyCredentials() {
  const { principal } = useSession();
  const lasting = principal.type !== "role";
  return (
    <Page title={s.title} trail={TRAIL.top}>
      <SpaceBetween size="l">
        {principal.type === "root" && <Alert type="warning">{s.root}</Alert>}
        {principal.type === "role" && <Alert type="info">{s.role}</Alert>}
        <Container header={<Header variant="h2">{s.details}</Header>}>
          <KeyValuePairs
            columns={3}
            items={[
              { label: s.user, value: principal.name },
              {
                label: t.iam.dashboard.accountId,
                value: <Copyable text={principal.account} name={t.iam.dashboard.accountId} />,
              },
              { label: s.canonical, value: <Copyable text={principal.arn} name={s.canonical} /> },
            ]}
          />
        </Container>
        {lasting && <OwnPassword />}
        {principal.type === "user" && <ShowAsCode calls={OWN_PASSWORD} />}
        {lasting && <Devices user={principal.type === "root" ? principal.account : principal.name} own />}
        {lasting && <AccessKeys />}
      </SpaceBetween>
    </Page>
  );
}

function OwnPassword() {
  const { reload } = useSessionState();
  const action = useAction();
  const [fields, setFields] = useState({ old: "", fresh: "", again: "" });
  const differ = fields.again !== "" && fields.again !== fields.fresh;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fields.fresh === "" || fields.fresh !== fields.again) return;
    if (!(await action.run(() => changePassword(fields.old, fields.fresh)))) return;
    setFields({ old: "", fresh: "", again: "" });
    notify("success", t.iam.password.changed);
    await reload();
  };
  const field = (name: keyof typeof fields, label: string, autoComplete: string) => (
    <FormField label={label} errorText={name === "again" && differ ? t.signIn.differ : undefined}>
      <Input
        type="password"
        autoComplete={autoComplete}
        value={fields[name]}
        onChange={({ detail }) => setFields((before) => ({ ...before, [name]: detail.value }))}
      />
    </FormField>
  );
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Container
        header={
          <Header variant="h2" actions={<Button loading={action.busy}>{t.iam.password.change}</Button>}>
            {t.iam.password.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <Failure error={action.error} onDismiss={action.clear} />
          {field("old", t.iam.password.old, "current-password")}
          {field("fresh", t.iam.password.fresh, "new-password")}
          {field("again", t.iam.password.again, "new-password")}
        </SpaceBetween>
      </Container>
    </form>
  );
}
