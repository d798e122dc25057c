import { call } from "../api/client";
import { asApiError } from "../api/errors";
import type { Spoken } from "../common/as-code";
import { iam, items, type Plan } from "../common/plan";
import { listEntities } from "./entities";
import { HOLDERS, type Kind } from "./holders";
import { listGroupsOf, listMembers } from "./lists";

/** Every policy from something that is to be deleted. */
async function* strip(kind: Kind, name: string): AsyncGenerator<Spoken, void> {
  const who = { [`${kind}Name`]: name };
  for await (const { PolicyArn } of items(HOLDERS[kind].attached(name)))
    yield { service: "iam", operation: `Detach${kind}Policy`, input: { ...who, PolicyArn } };
  for await (const PolicyName of items(HOLDERS[kind].inline(name)))
    yield { service: "iam", operation: `Delete${kind}Policy`, input: { ...who, PolicyName } };
}

async function hasPassword(UserName: string): Promise<boolean> {
  try {
    await call("iam", "GetLoginProfile", { UserName });
    return true;
  } catch (error) {
    if (asApiError(error).code === "NoSuchEntity") return false;
    throw error;
  }
}

/** As the console of AWS does it: first what hangs on the user, then the user. */
export const userDeletion = (UserName: string): Plan =>
  async function* () {
    const keys = (await call("iam", "ListAccessKeys", { UserName })).AccessKeyMetadata;
    for (const { AccessKeyId = "" } of keys) yield iam("DeleteAccessKey", { UserName, AccessKeyId });
    for (const { SerialNumber } of (await call("iam", "ListMFADevices", { UserName })).MFADevices)
      yield* deviceRemoval(UserName, SerialNumber)();
    for await (const { GroupName } of items(listGroupsOf(UserName)))
      yield iam("RemoveUserFromGroup", { GroupName, UserName });
    yield* strip("User", UserName);
    if (await hasPassword(UserName)) yield iam("DeleteLoginProfile", { UserName });
    yield iam("DeleteUser", { UserName });
  };

/** A virtual device that nobody has is of no use: it goes too. */
export const deviceRemoval = (UserName: string, SerialNumber: string): Plan =>
  async function* () {
    yield iam("DeactivateMFADevice", { UserName, SerialNumber });
    if (SerialNumber.startsWith("arn:")) yield iam("DeleteVirtualMFADevice", { SerialNumber });
  };

export const groupDeletion = (GroupName: string): Plan =>
  async function* () {
    for await (const { UserName } of items(listMembers(GroupName)))
      yield iam("RemoveUserFromGroup", { GroupName, UserName });
    yield* strip("Group", GroupName);
    yield iam("DeleteGroup", { GroupName });
  };

/** Its place in instance profiles (and the profile that was made with it), its policies, then the role. */
export const roleDeletion = (RoleName: string): Plan =>
  async function* () {
    const profiles = (await call("iam", "ListInstanceProfilesForRole", { RoleName })).InstanceProfiles;
    for (const { InstanceProfileName } of profiles) {
      yield iam("RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName });
      if (InstanceProfileName === RoleName) yield iam("DeleteInstanceProfile", { InstanceProfileName });
    }
    yield* strip("Role", RoleName);
    yield iam("DeleteRole", { RoleName });
  };

/** Detached everywhere, its versions deleted, then itself. */
export const policyDeletion = (PolicyArn: string): Plan =>
  async function* () {
    for await (const { kind, name } of items(listEntities(PolicyArn)))
      yield { service: "iam", operation: `Detach${kind}Policy`, input: { [`${kind}Name`]: name, PolicyArn } };
    const versions = (await call("iam", "ListPolicyVersions", { PolicyArn })).Versions ?? [];
    for (const { VersionId = "", IsDefaultVersion } of versions)
      if (!IsDefaultVersion) yield iam("DeletePolicyVersion", { PolicyArn, VersionId });
    yield iam("DeletePolicy", { PolicyArn });
  };
