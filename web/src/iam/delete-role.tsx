import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { roleDeletion } from "./deletions";

const s = t.iam.roles;

export function DeleteRole({ name, onDone, onCancel }: { name: string; onDone: () => void; onCancel: () => void }) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      plan={roleDeletion(name)}
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
