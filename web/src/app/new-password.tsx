import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState, type FormEvent } from "react";
import { asApiError } from "../api/errors";
import { changePassword } from "../api/session";
import { OWN_PASSWORD } from "../common/as-code";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { useSessionState } from "./session";
import { Frame } from "./sign-in";

/** The forced change of a password, before anything else. */
export default function NewPassword() {
  const { reload, signOut } = useSessionState();
  const [fields, setFields] = useState({ old: "", fresh: "", again: "" });
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");
  useEffect(() => {
    document.title = `${t.signIn.newTitle} | ${t.product}`;
  }, []);
  const differ = fields.again !== "" && fields.again !== fields.fresh;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fields.fresh !== fields.again) return;
    setBusy(true);
    setMessage("");
    try {
      await changePassword(fields.old, fields.fresh);
      await reload();
    } catch (failure) {
      setMessage(asApiError(failure).message);
    } finally {
      setBusy(false);
    }
  };
  const field = (name: keyof typeof fields, autoComplete: string) => (
    <Input
      type="password"
      autoComplete={autoComplete}
      value={fields[name]}
      onChange={({ detail }) => setFields((before) => ({ ...before, [name]: detail.value }))}
    />
  );

  return (
    <Frame title={t.signIn.newTitle}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => void signOut()}>
                {t.shell.signOut}
              </Button>
              <Button variant="primary" loading={busy}>
                {t.signIn.confirm}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <span>{t.signIn.newHelp}</span>
            {message !== "" && <Alert type="error">{message}</Alert>}
            <FormField label={t.signIn.old}>{field("old", "current-password")}</FormField>
            <FormField label={t.signIn.fresh}>{field("fresh", "new-password")}</FormField>
            <FormField label={t.signIn.again} errorText={differ ? t.signIn.differ : undefined}>
              {field("again", "new-password")}
            </FormField>
          </SpaceBetween>
        </Form>
      </form>
      <ShowAsCode calls={OWN_PASSWORD} />
    </Frame>
  );
}
