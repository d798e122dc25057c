import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { asApiError } from "../api/errors";
import { useSession } from "../app/session";
import { useAction } from "../common/action";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Copyable, Secret } from "../common/secret";
import { ShowAsCode } from "../common/show-code";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { generatedPassword } from "./passwords";
import { signInUrl } from "./sign-in-url";

const s = t.iam.password;
const c = t.iam.createUser;

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

function SetPassword({ user, exists, onClose }: { user: string; exists: boolean; onClose: () => void }) {
  const action = useAction();
  const [custom, setCustom] = useState(false);
  const [password, setPassword] = useState("");
  const [mustChange, setMustChange] = useState(true);
  const [made, setMade] = useState<string | null>(null);
  const apply = async () => {
    const Password = custom ? password : generatedPassword();
    const input = { UserName: user, Password, PasswordResetRequired: mustChange };
    const done = await action.run(() =>
      exists ? call("iam", "UpdateLoginProfile", input) : call("iam", "CreateLoginProfile", input),
    );
    if (!done) return;
    notify("success", s.enabledDone(user));
    if (custom) onClose();
    else setMade(Password);
  };
  return (
    <Modal
      visible
      header={exists ? s.manage : s.enable}
      closeAriaLabel={t.actions.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {made === null && (
              <Button variant="link" onClick={onClose}>
                {t.actions.cancel}
              </Button>
            )}
            <Button variant="primary" loading={action.busy} onClick={() => (made === null ? void apply() : onClose())}>
              {made === null ? s.apply : t.actions.done}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Failure error={action.error} onDismiss={action.clear} />
        {made !== null ? (
          <>
            <Box variant="p">{c.once}</Box>
            <Secret text={made} name={s.value} />
          </>
        ) : (
          <>
            <FormField label={c.password}>
              <RadioGroup
                value={custom ? "custom" : "generate"}
                onChange={({ detail }) => setCustom(detail.value === "custom")}
                items={[
                  { value: "generate", label: c.generated },
                  { value: "custom", label: c.custom },
                ]}
              />
            </FormField>
            {custom && (
              <FormField label={c.customLabel}>
                <Input
                  type="password"
                  autoComplete="new-password"
                  value={password}
                  onChange={({ detail }) => setPassword(detail.value)}
                />
              </FormField>
            )}
            <Checkbox checked={mustChange} onChange={({ detail }) => setMustChange(detail.checked)}>
              {s.mustChange}
            </Checkbox>
            <ShowAsCode
              calls={[
                {
                  service: "iam",
                  operation: exists ? "UpdateLoginProfile" : "CreateLoginProfile",
                  input: { UserName: user, Password: password, PasswordResetRequired: mustChange },
                },
              ]}
            />
          </>
        )}
      </SpaceBetween>
    </Modal>
  );
}
