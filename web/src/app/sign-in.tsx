import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { ApiError, asApiError } from "../api/errors";
import { signIn, type Credentials } from "../api/session";
import { t } from "../strings/en";
import { useSessionState } from "./session";

const ACCOUNT = "iamd.account";

export default function SignIn() {
  const { begin, ended } = useSessionState();
  const [kind, setKind] = useState<"root" | "user">(localStorage.getItem(ACCOUNT) === null ? "root" : "user");
  const [fields, setFields] = useState({
    email: "",
    account: new URLSearchParams(location.search).get("account") ?? localStorage.getItem(ACCOUNT) ?? "",
    username: "",
    password: "",
    code: "",
  });
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    document.title = `${t.signIn.title} | ${t.product}`;
  }, []);

  const field = (name: keyof typeof fields) => ({
    value: fields[name],
    onChange: ({ detail }: { detail: { value: string } }) =>
      setFields((before) => ({ ...before, [name]: detail.value })),
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const code = asked ? { mfa_code: fields.code } : {};
    const { email, account, username, password } = fields;
    const credentials: Credentials =
      kind === "root" ? { kind, email, password, ...code } : { kind, account, username, password, ...code };
    try {
      const session = await signIn(credentials);
      if (kind === "user") localStorage.setItem(ACCOUNT, account);
      else localStorage.removeItem(ACCOUNT);
      if (session !== null) begin(session);
    } catch (failure) {
      const fault = asApiError(failure);
      if (fault.code === "MfaRequired" && !asked) setAsked(true);
      else setError(fault);
      setFields((before) => ({ ...before, code: "" }));
    } finally {
      setBusy(false);
    }
  };
  const back = () => {
    setAsked(false);
    setError(null);
    setFields((before) => ({ ...before, password: "", code: "" }));
  };

  return (
    <Frame title={asked ? t.signIn.codeTitle : t.signIn.heading}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {asked && (
                <Button variant="link" formAction="none" onClick={back}>
                  {t.signIn.codeBack}
                </Button>
              )}
              <Button variant="primary" loading={busy}>
                {asked ? t.signIn.codeSubmit : t.signIn.submit}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            {ended && error === null && <Alert type="info">{t.signIn.ended}</Alert>}
            {error !== null && (
              <Alert type="error" header={t.signIn.failed}>
                {error.message}
              </Alert>
            )}
            {asked ? (
              <FormField label={t.signIn.code} description={t.signIn.codeHelp}>
                <Input {...field("code")} inputMode="numeric" autoComplete="one-time-code" autoFocus />
              </FormField>
            ) : (
              <Tabs
                activeTabId={kind}
                onChange={({ detail }) => setKind(detail.activeTabId as "root" | "user")}
                tabs={[
                  {
                    id: "root",
                    label: t.signIn.rootTab,
                    content: (
                      <SpaceBetween size="m">
                        <FormField label={t.signIn.email} constraintText={t.signIn.rootHelp}>
                          <Input {...field("email")} type="email" autoComplete="username" />
                        </FormField>
                        <FormField label={t.signIn.password}>
                          <Input {...field("password")} type="password" autoComplete="current-password" />
                        </FormField>
                      </SpaceBetween>
                    ),
                  },
                  {
                    id: "user",
                    label: t.signIn.userTab,
                    content: (
                      <SpaceBetween size="m">
                        <FormField label={t.signIn.account} constraintText={t.signIn.accountHelp}>
                          <Input {...field("account")} autoComplete="organization" />
                        </FormField>
                        <FormField label={t.signIn.username}>
                          <Input {...field("username")} autoComplete="username" />
                        </FormField>
                        <FormField label={t.signIn.password}>
                          <Input {...field("password")} type="password" autoComplete="current-password" />
                        </FormField>
                      </SpaceBetween>
                    ),
                  },
                ]}
              />
            )}
          </SpaceBetween>
        </Form>
      </form>
    </Frame>
  );
}

/** A narrow page with one box, for whoever is not in yet. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="gate">
      <Box variant="strong" fontSize="heading-xl">
        {t.product}
      </Box>
      <Container header={<Header variant="h1">{title}</Header>}>{children}</Container>
    </main>
  );
}
