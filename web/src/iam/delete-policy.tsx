import { call } from "../api/client";
import { eachPage } from "../api/walk";
import { ConfirmDelete, type Tell } from "../common/confirm-delete";
import { notify } from "../common/notices";
import { t } from "../strings/en";
import { listEntities } from "./entities";
import { HOLDERS } from "./holders";

const s = t.iam.policies;

/** Detached everywhere, its versions deleted, then itself. */
async function deletePolicy(PolicyArn: string, tell: Tell): Promise<void> {
  await eachPage(
    listEntities(PolicyArn),
    async ({ kind, name }) => {
      await HOLDERS[kind].detach(name, PolicyArn);
    },
    tell,
  );
  const versions = (await call("iam", "ListPolicyVersions", { PolicyArn })).Versions ?? [];
  for (const { VersionId = "", IsDefaultVersion } of versions) {
    if (!IsDefaultVersion) await call("iam", "DeletePolicyVersion", { PolicyArn, VersionId });
  }
  await call("iam", "DeletePolicy", { PolicyArn });
}

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
      run={(tell) => deletePolicy(arn, tell)}
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
