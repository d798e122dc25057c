import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAction } from "../common/action";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { HOLDERS, type Kind } from "./holders";

const s = t.iam.permissions;

interface RemoveProps {
  kind: Kind;
  name: string;
  policy: string;
  /** None of an inline policy. */
  arn?: string | undefined;
  onClose: (done: boolean) => void;
}

/** Takes a policy from whoever holds it. */
export function RemovePolicy({ arn, ...props }: RemoveProps) {
  return arn === undefined ? <DeleteInline {...props} /> : <Detach {...props} arn={arn} />;
}

/** The document is lost. */
function DeleteInline({ kind, name, policy, onClose }: RemoveProps) {
  return (
    <ConfirmDelete
      title={s.deleteInlineTitle}
      word={policy}
      calls={[
        { service: "iam", operation: `Delete${kind}Policy`, input: { [`${kind}Name`]: name, PolicyName: policy } },
      ]}
      run={() => HOLDERS[kind].drop(name, policy)}
      onDone={() => {
        notify("success", s.removed(policy));
        onClose(true);
      }}
      onCancel={() => onClose(false)}
    >
      {s.deleteInlineHelp(policy, name)}
    </ConfirmDelete>
  );
}

function Detach({ kind, name, policy, arn, onClose }: RemoveProps & { arn: string }) {
  const action = useAction();
  const remove = async () => {
    if (!(await action.run(() => HOLDERS[kind].detach(name, arn)))) return;
    notify("success", s.removed(policy));
    onClose(true);
  };
  return (
    <Modal
      visible
      header={s.removeTitle}
      closeAriaLabel={t.actions.close}
      onDismiss={() => onClose(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" loading={action.busy} onClick={() => void remove()}>
              {s.remove}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box variant="p">{s.removeHelp(policy, name)}</Box>
        <Failure error={action.error} />
        <ShowAsCode
          calls={[
            { service: "iam", operation: `Detach${kind}Policy`, input: { [`${kind}Name`]: name, PolicyArn: arn } },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
