import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { userDeletion } from "./deletions";

const s = t.iam.users;

interface DeleteUserProps {
  name: string;
  onDone: () => void;
  onCancel: () => void;
}

export function DeleteUser({ name, onDone, onCancel }: DeleteUserProps) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      plan={userDeletion(name)}
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
