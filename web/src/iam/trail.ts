import type { Crumb } from "../common/page";
import { t } from "../strings/en";

const iam: Crumb = { text: t.iam.trail, href: "/iam" };

export const TRAIL = {
  top: [iam],
  users: [iam, { text: t.iam.users.title, href: "/iam/users" }],
  groups: [iam, { text: t.iam.groups.title, href: "/iam/groups" }],
  policies: [iam, { text: t.iam.policies.title, href: "/iam/policies" }],
  roles: [iam, { text: t.iam.roles.title, href: "/iam/roles" }],
};

export const pathOf = {
  user: (name: string) => `/iam/users/${encodeURIComponent(name)}`,
  group: (name: string) => `/iam/groups/${encodeURIComponent(name)}`,
  role: (name: string) => `/iam/roles/${encodeURIComponent(name)}`,
  policy: (arn: string) => `/iam/policies/detail?arn=${encodeURIComponent(arn)}`,
};
