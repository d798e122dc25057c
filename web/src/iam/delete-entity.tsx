import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import type { Plan } from "../common/plan";
import { t } from "../strings/en";
import { groupDeletion, policyDeletion, roleDeletion, userDeletion } from "./deletions";

interface Deletion {
  name: string;
  onDone: () => void;
  onCancel: () => void;
}

interface Words {
  deleteTitle: (name: string) => string;
  deleteHelp: (name: string) => string;
  deleted: (name: string) => string;
}

function DeleteEntity({ words, name, plan, onDone, onCancel }: Deletion & { words: Words; plan: Plan }) {
  return (
    <ConfirmDelete
      title={words.deleteTitle(name)}
      word={name}
      plan={plan}
      onDone={() => {
        notify("success", words.deleted(name));
        onDone();
      }}
      onCancel={onCancel}
    >
      {words.deleteHelp(name)}
    </ConfirmDelete>
  );
}

export const DeleteGroup = (deletion: Deletion) => (
  <DeleteEntity {...deletion} words={t.iam.groups} plan={groupDeletion(deletion.name)} />
);

export const DeletePolicy = ({ arn, ...deletion }: Deletion & { arn: string }) => (
  <DeleteEntity {...deletion} words={t.iam.policies} plan={policyDeletion(arn)} />
);

export const DeleteRole = (deletion: Deletion) => (
  <DeleteEntity {...deletion} words={t.iam.roles} plan={roleDeletion(deletion.name)} />
);

export const DeleteUser = (deletion: Deletion) => (
  <DeleteEntity {...deletion} words={t.iam.users} plan={userDeletion(deletion.name)} />
);
