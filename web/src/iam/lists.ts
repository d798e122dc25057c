import { call } from "../api/client";
import type { IamGroup, IamPolicy, IamRole, IamUser } from "../api/types";
import type { Pager } from "../api/walk";

/** An IAM answer's paging: `Marker` while there is more. */
function after(answer: { IsTruncated?: boolean; Marker?: string }): string | undefined {
  return answer.IsTruncated ? answer.Marker : undefined;
}

const paged = (next: string | undefined, size: number) => ({ MaxItems: size, ...(next ? { Marker: next } : {}) });

export const listUsers: Pager<IamUser> = async (next, size) => {
  const answer = await call("iam", "ListUsers", paged(next, size));
  return { items: answer.Users ?? [], next: after(answer) };
};
listUsers.starting = async (NamePrefix, MaxItems) =>
  (await call("iam", "ListUsers", { NamePrefix, MaxItems })).Users ?? [];

export const listGroups: Pager<IamGroup> = async (next, size) => {
  const answer = await call("iam", "ListGroups", paged(next, size));
  return { items: answer.Groups ?? [], next: after(answer) };
};
listGroups.starting = async (NamePrefix, MaxItems) =>
  (await call("iam", "ListGroups", { NamePrefix, MaxItems })).Groups ?? [];

export const listRoles: Pager<IamRole> = async (next, size) => {
  const answer = await call("iam", "ListRoles", paged(next, size));
  return { items: answer.Roles ?? [], next: after(answer) };
};
listRoles.starting = async (NamePrefix, MaxItems) =>
  (await call("iam", "ListRoles", { NamePrefix, MaxItems })).Roles ?? [];

export type Scope = "All" | "AWS" | "Local";

export const listPolicies =
  (scope: Scope): Pager<IamPolicy> =>
  async (next, size) => {
    const answer = await call("iam", "ListPolicies", { Scope: scope, ...paged(next, size) });
    return { items: answer.Policies ?? [], next: after(answer) };
  };

export const listMembers =
  (group: string): Pager<IamUser> =>
  async (next, size) => {
    const answer = await call("iam", "GetGroup", { GroupName: group, ...paged(next, size) });
    return { items: answer.Users ?? [], next: after(answer) };
  };

export const listGroupsOf =
  (user: string): Pager<IamGroup> =>
  async (next, size) => {
    const answer = await call("iam", "ListGroupsForUser", { UserName: user, ...paged(next, size) });
    return { items: answer.Groups ?? [], next: after(answer) };
  };

export { after, paged };
