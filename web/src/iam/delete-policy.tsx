import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { policyDeletion } from "./deletions";

const s = t.iam.policies;

interface DeletePolicyProps {
  arn: string;
  name: string;
  onDone: () => void;
  onCancel: () => void;
}

export function DeletePolicy({ arn, name, onDone, onCancel }: DeletePolicyProps) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      plan={policyDeletion(arn)}
      onDone={() => {
        notify("success", s.deleted(name));
        onDone();
      }}
      onCancel={onCancel}
    >
      {s.deleteHelp(name)}
    </ConfirmDelete>
  );
}
