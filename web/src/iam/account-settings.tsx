import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { asApiError } from "../api/errors";
import type { IamUpdateAccountPasswordPolicyRequest as Rules } from "../api/types";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Page } from "../common/page";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { AccountAlias } from "./account-alias";
import { TRAIL } from "./trail";

const s = t.iam.settings;
const CHECKS = [
  ["RequireUppercaseCharacters", s.upper],
  ["RequireLowercaseCharacters", s.lower],
  ["RequireNumbers", s.number],
  ["RequireSymbols", s.symbol],
  ["AllowUsersToChangePassword", s.change],
] as const;
const NUMBERS = [
  ["MinimumPasswordLength", s.minimum],
  ["MaxPasswordAge", s.expire],
  ["PasswordReusePrevention", s.reuse],
] as const;

export default function AccountSettings() {
  return (
    <Page title={s.title} trail={TRAIL.top}>
      <SpaceBetween size="l">
        <AccountAlias />
        <PasswordPolicy />
      </SpaceBetween>
    </Page>
  );
}

function PasswordPolicy() {
  const action = useAction();
  const [edited, setEdited] = useState<Rules | null>(null);
  const query = useQuery({
    queryKey: ["password-policy"],
    queryFn: async () => {
      try {
        return (await call("iam", "GetAccountPasswordPolicy", {})).PasswordPolicy;
      } catch (error) {
        if (asApiError(error).code === "NoSuchEntity") return null;
        throw error;
      }
    },
  });
  const rules: Rules = edited ?? known(query.data ?? {});
  const input = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== 0)) as Rules;
  const save = async () => {
    if (!(await action.run(() => call("iam", "UpdateAccountPasswordPolicy", input)))) return;
    notify("success", s.saved);
    setEdited(null);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={s.policyHelp}
          actions={
            <Guarded needs="iam:UpdateAccountPasswordPolicy" loading={action.busy} onClick={() => void save()}>
              {s.save}
            </Guarded>
          }
        >
          {s.policy}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Failure error={query.error} />
        <Failure error={action.error} onDismiss={action.clear} />
        {query.data === null && <Box variant="p">{s.policyDefault}</Box>}
        {NUMBERS.map(([name, label]) => (
          <FormField key={name} label={label}>
            <Input
              type="number"
              value={String(rules[name] ?? (name === "MinimumPasswordLength" ? 8 : 0))}
              onChange={({ detail }) => setEdited({ ...rules, [name]: Number(detail.value) })}
            />
          </FormField>
        ))}
        {CHECKS.map(([name, label]) => (
          <Checkbox
            key={name}
            checked={rules[name] ?? false}
            onChange={({ detail }) => setEdited({ ...rules, [name]: detail.checked })}
          >
            {label}
          </Checkbox>
        ))}
        <ShowAsCode
          calls={[
            { service: "iam", operation: "UpdateAccountPasswordPolicy", input: input as Record<string, unknown> },
          ]}
        />
        {edited !== null && <Button onClick={() => setEdited(null)}>{t.actions.cancel}</Button>}
      </SpaceBetween>
    </Container>
  );
}

/** Of an answer only what the request takes. */
function known(answer: object): Rules {
  const names = new Set<string>([...NUMBERS, ...CHECKS].map(([name]) => name));
  return Object.fromEntries(Object.entries(answer).filter(([name]) => names.has(name))) as Rules;
}
