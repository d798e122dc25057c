import { useQuery } from "@tanstack/react-query";
import { send } from "../api/client";

/** Actions behind the console's buttons that only a user's own policies can allow. */
const ASKED = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateAccountAlias",
  "iam:CreateGroup",
  "iam:CreateLoginProfile",
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:CreateRole",
  "iam:CreateUser",
  "iam:CreateVirtualMFADevice",
  "iam:DeactivateMFADevice",
  "iam:DeleteAccessKey",
  "iam:DeleteAccountAlias",
  "iam:DeleteGroup",
  "iam:DeleteLoginProfile",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:DeleteRole",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUser",
  "iam:DeleteUserPermissionsBoundary",
  "iam:DetachGroupPolicy",
  "iam:DetachRolePolicy",
  "iam:DetachUserPolicy",
  "iam:EnableMFADevice",
  "iam:PutGroupPolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:PutUserPermissionsBoundary",
  "iam:PutUserPolicy",
  "iam:RemoveUserFromGroup",
  "iam:ResyncMFADevice",
  "iam:SetDefaultPolicyVersion",
  "iam:TagUser",
  "iam:UntagUser",
  "iam:UpdateAccessKey",
  "iam:UpdateAccountPasswordPolicy",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
  "s3:CreateBucket",
] as const;

/** What a bucket's policy may grant too: known to be missing only when it was denied. */
type OfResources =
  | "s3:DeleteBucket"
  | "s3:DeleteBucketPolicy"
  | "s3:DeleteObject"
  | "s3:GetObject"
  | "s3:PutBucketPolicy"
  | "s3:PutBucketPublicAccessBlock"
  | "s3:PutObject";

export type Action = (typeof ASKED)[number] | OfResources;

/** Actions that nothing allows whoever is signed in, on any resource; asked anew after every change. */
export function useMissingRights(): ReadonlySet<string> {
  const query = useQuery({
    queryKey: ["rights"],
    staleTime: 30_000,
    queryFn: async () => (await send<{ missing: string[] }>("POST", "rights", { actions: ASKED })).missing,
  });
  return new Set(query.data ?? []);
}
