import { call } from "../api/client";
import type { Pager } from "../api/walk";
import { documentText } from "../common/document";
import { after, paged } from "./lists";

export type Kind = "User" | "Group" | "Role";

export interface Attached {
  PolicyName?: string;
  PolicyArn?: string;
}

/** Whatever holds policies: the same six calls for users, groups and roles. */
interface Holder {
  attached: (name: string) => Pager<Attached>;
  inline: (name: string) => Pager<string>;
  attach: (name: string, arn: string) => Promise<unknown>;
  detach: (name: string, arn: string) => Promise<unknown>;
  document: (name: string, policy: string) => Promise<string>;
  put: (name: string, policy: string, document: string) => Promise<unknown>;
  drop: (name: string, policy: string) => Promise<unknown>;
}

export const HOLDERS: Record<Kind, Holder> = {
  User: {
    attached: (UserName) => async (next, size) => {
      const answer = await call("iam", "ListAttachedUserPolicies", { UserName, ...paged(next, size) });
      return { items: answer.AttachedPolicies ?? [], next: after(answer) };
    },
    inline: (UserName) => async (next, size) => {
      const answer = await call("iam", "ListUserPolicies", { UserName, ...paged(next, size) });
      return { items: answer.PolicyNames, next: after(answer) };
    },
    attach: (UserName, PolicyArn) => call("iam", "AttachUserPolicy", { UserName, PolicyArn }),
    detach: (UserName, PolicyArn) => call("iam", "DetachUserPolicy", { UserName, PolicyArn }),
    document: async (UserName, PolicyName) =>
      documentText((await call("iam", "GetUserPolicy", { UserName, PolicyName })).PolicyDocument),
    put: (UserName, PolicyName, PolicyDocument) =>
      call("iam", "PutUserPolicy", { UserName, PolicyName, PolicyDocument }),
    drop: (UserName, PolicyName) => call("iam", "DeleteUserPolicy", { UserName, PolicyName }),
  },
  Group: {
    attached: (GroupName) => async (next, size) => {
      const answer = await call("iam", "ListAttachedGroupPolicies", { GroupName, ...paged(next, size) });
      return { items: answer.AttachedPolicies ?? [], next: after(answer) };
    },
    inline: (GroupName) => async (next, size) => {
      const answer = await call("iam", "ListGroupPolicies", { GroupName, ...paged(next, size) });
      return { items: answer.PolicyNames, next: after(answer) };
    },
    attach: (GroupName, PolicyArn) => call("iam", "AttachGroupPolicy", { GroupName, PolicyArn }),
    detach: (GroupName, PolicyArn) => call("iam", "DetachGroupPolicy", { GroupName, PolicyArn }),
    document: async (GroupName, PolicyName) =>
      documentText((await call("iam", "GetGroupPolicy", { GroupName, PolicyName })).PolicyDocument),
    put: (GroupName, PolicyName, PolicyDocument) =>
      call("iam", "PutGroupPolicy", { GroupName, PolicyName, PolicyDocument }),
    drop: (GroupName, PolicyName) => call("iam", "DeleteGroupPolicy", { GroupName, PolicyName }),
  },
  Role: {
    attached: (RoleName) => async (next, size) => {
      const answer = await call("iam", "ListAttachedRolePolicies", { RoleName, ...paged(next, size) });
      return { items: answer.AttachedPolicies ?? [], next: after(answer) };
    },
    inline: (RoleName) => async (next, size) => {
      const answer = await call("iam", "ListRolePolicies", { RoleName, ...paged(next, size) });
      return { items: answer.PolicyNames, next: after(answer) };
    },
    attach: (RoleName, PolicyArn) => call("iam", "AttachRolePolicy", { RoleName, PolicyArn }),
    detach: (RoleName, PolicyArn) => call("iam", "DetachRolePolicy", { RoleName, PolicyArn }),
    document: async (RoleName, PolicyName) =>
      documentText((await call("iam", "GetRolePolicy", { RoleName, PolicyName })).PolicyDocument),
    put: (RoleName, PolicyName, PolicyDocument) =>
      call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument }),
    drop: (RoleName, PolicyName) => call("iam", "DeleteRolePolicy", { RoleName, PolicyName }),
  },
};
