import { call } from "../api/client";
import type { Pager } from "../api/walk";
import type { Kind } from "./holders";
import { after, paged } from "./lists";

export interface Entity {
  kind: Kind;
  name: string;
}

/** Whatever a managed policy is attached to. */
export const listEntities =
  (PolicyArn: string): Pager<Entity> =>
  async (next, size) => {
    const answer = await call("iam", "ListEntitiesForPolicy", { PolicyArn, ...paged(next, size) });
    const items: Entity[] = [
      ...(answer.PolicyGroups ?? []).map((each) => ({ kind: "Group" as const, name: each.GroupName ?? "" })),
      ...(answer.PolicyUsers ?? []).map((each) => ({ kind: "User" as const, name: each.UserName ?? "" })),
      ...(answer.PolicyRoles ?? []).map((each) => ({ kind: "Role" as const, name: each.RoleName ?? "" })),
    ];
    return { items, next: after(answer) };
  };
