import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { useFirstField } from "../common/first-field";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { HOLDERS, type Kind } from "./holders";
import { NEW_POLICY, PolicyField } from "./policy-field";

const s = t.iam.permissions;

interface InlinePolicyProps {
  kind: Kind;
  name: string;
  /** The policy to edit, null for a new one. */
  policy: string | null;
  onClose: () => void;
}

export function InlinePolicy({ kind, name, policy, onClose }: InlinePolicyProps) {
  const action = useAction();
  const field = useFirstField();
  const [policyName, setPolicyName] = useState(policy ?? "");
  const [edited, setEdited] = useState<string | null>(policy === null ? NEW_POLICY : null);
  const query = useQuery({
    queryKey: ["inline", kind, name, policy],
    enabled: policy !== null,
    queryFn: () => HOLDERS[kind].document(name, policy ?? ""),
  });
  const text = edited ?? query.data ?? "";
  const save = async () => {
    if (!(await action.run(() => HOLDERS[kind].put(name, policyName, text)))) return;
    notify("success", s.inlineSaved(policyName));
    onClose();
  };
  return (
    <Modal
      visible
      size="large"
      header={s.inlineTitle(name)}
      closeAriaLabel={t.actions.close}
      onDismiss={({ detail }) => detail.reason !== "overlay" && onClose()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" disabled={policyName === ""} loading={action.busy} onClick={() => void save()}>
              {t.actions.save}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Failure error={action.error} onDismiss={action.clear} />
        <Failure error={query.error} />
        <FormField label={s.inlineName}>
          <Input
            ref={field}
            value={policyName}
            disabled={policy !== null}
            onChange={({ detail }) => setPolicyName(detail.value)}
          />
        </FormField>
        <PolicyField value={text} onChange={setEdited} error={action.error} kind="inline" />
        <ShowAsCode
          calls={[
            {
              service: "iam",
              operation: `Put${kind}Policy`,
              input: { [`${kind}Name`]: name, PolicyName: policyName, PolicyDocument: text },
            },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
