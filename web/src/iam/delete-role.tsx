import { call } from "../api/client";
import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { strip } from "./holders";

const s = t.iam.roles;

/** Its policies, its place in instance profiles (and the profile that was made with it), then the role. */
async function deleteRole(RoleName: string): Promise<void> {
  const profiles = (await call("iam", "ListInstanceProfilesForRole", { RoleName })).InstanceProfiles;
  for (const { InstanceProfileName } of profiles) {
    await call("iam", "RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName });
    if (InstanceProfileName === RoleName) await call("iam", "DeleteInstanceProfile", { InstanceProfileName });
  }
  await strip("Role", RoleName);
  await call("iam", "DeleteRole", { RoleName });
}

export function DeleteRole({ name, onDone, onCancel }: { name: string; onDone: () => void; onCancel: () => void }) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      run={() => deleteRole(name)}
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
