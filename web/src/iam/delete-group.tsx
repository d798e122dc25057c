import { call } from "../api/client";
import { eachPage } from "../api/walk";
import { ConfirmDelete, type Tell } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { strip } from "./holders";
import { listMembers } from "./lists";

const s = t.iam.groups;

async function deleteGroup(GroupName: string, tell: Tell): Promise<void> {
  await eachPage(
    listMembers(GroupName),
    async ({ UserName }) => {
      await call("iam", "RemoveUserFromGroup", { GroupName, UserName });
    },
    tell,
  );
  await strip("Group", GroupName);
  await call("iam", "DeleteGroup", { GroupName });
}

export function DeleteGroup({ name, onDone, onCancel }: { name: string; onDone: () => void; onCancel: () => void }) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      run={(tell) => deleteGroup(name, tell)}
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
