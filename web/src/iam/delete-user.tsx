import { call } from "../api/client";
import { asApiError } from "../api/errors";
import { all } from "../api/walk";
import { ConfirmDelete } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { strip } from "./holders";
import { listGroupsOf } from "./lists";
import { removeDevice } from "./devices";

const s = t.iam.users;

/** As the console of AWS does it: first what hangs on the user, then the user. */
async function deleteUser(UserName: string): Promise<void> {
  const keys = (await call("iam", "ListAccessKeys", { UserName })).AccessKeyMetadata;
  for (const { AccessKeyId = "" } of keys) await call("iam", "DeleteAccessKey", { UserName, AccessKeyId });
  for (const device of (await call("iam", "ListMFADevices", { UserName })).MFADevices) {
    await removeDevice(UserName, device.SerialNumber);
  }
  for (const { GroupName } of await all(listGroupsOf(UserName))) {
    await call("iam", "RemoveUserFromGroup", { UserName, GroupName });
  }
  await strip("User", UserName);
  try {
    await call("iam", "DeleteLoginProfile", { UserName });
  } catch (error) {
    if (asApiError(error).code !== "NoSuchEntity") throw error;
  }
  await call("iam", "DeleteUser", { UserName });
}

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
      run={() => deleteUser(name)}
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
