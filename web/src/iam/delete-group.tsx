import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { groupDeletion } from "./deletions";

const s = t.iam.groups;

export function DeleteGroup({ name, onDone, onCancel }: { name: string; onDone: () => void; onCancel: () => void }) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      plan={groupDeletion(name)}
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
