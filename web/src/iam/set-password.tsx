import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import { notify } from "../common/notices";
import { Secret } from "../common/secret";
import { ShowAsCode } from "../common/show-code";
import { useSteps } from "../common/steps";
import { StepsProgress } from "../common/steps-progress";
import { t } from "../strings/en";
import { CHANGE_PASSWORD } from "./change-password";
import { HOLDERS } from "./holders";
import { generatedPassword } from "./passwords";

const s = t.iam.password;
const c = t.iam.createUser;

/** A password for somebody else. */
export function SetPassword({ user, exists, onClose }: { user: string; exists: boolean; onClose: () => void }) {
  const steps = useSteps();
  const [custom, setCustom] = useState(false);
  const [password, setPassword] = useState("");
  const [generated] = useState(generatedPassword);
  const [mustChange, setMustChange] = useState(true);
  const [made, setMade] = useState<string | null>(null);
  const apply = async () => {
    const Password = custom ? password : generated;
    const input = { UserName: user, Password, PasswordResetRequired: mustChange };
    // The policy first: a password is not set that nobody gets to see.
    const done = await steps.go([
      ...(mustChange
        ? [
            {
              label: c.steps.policy(CHANGE_PASSWORD.name),
              run: () => HOLDERS.User.attach(user, CHANGE_PASSWORD.arn),
            },
          ]
        : []),
      {
        label: c.steps.login,
        run: () => (exists ? call("iam", "UpdateLoginProfile", input) : call("iam", "CreateLoginProfile", input)),
      },
    ]);
    if (!done) return;
    notify("success", s.enabledDone(user));
    if (custom) onClose();
    else setMade(generated);
  };
  const calls = [
    ...(mustChange
      ? [{ service: "iam", operation: "AttachUserPolicy", input: { UserName: user, PolicyArn: CHANGE_PASSWORD.arn } }]
      : []),
    {
      service: "iam",
      operation: exists ? "UpdateLoginProfile" : "CreateLoginProfile",
      input: { UserName: user, Password: password, PasswordResetRequired: mustChange },
    },
  ];
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
            <Button variant="primary" loading={steps.busy} onClick={() => (made === null ? void apply() : onClose())}>
              {made === null ? s.apply : t.actions.done}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <StepsProgress steps={steps} />
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
                  onChange={({ detail }) => {
                    setPassword(detail.value);
                    steps.restart();
                  }}
                />
              </FormField>
            )}
            <Checkbox
              checked={mustChange}
              description={c.mustChangeHelp}
              onChange={({ detail }) => {
                setMustChange(detail.checked);
                steps.restart();
              }}
            >
              {s.mustChange}
            </Checkbox>
            <ShowAsCode calls={calls} />
          </>
        )}
      </SpaceBetween>
    </Modal>
  );
}
