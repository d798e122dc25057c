import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { t } from "../strings/en";

export interface PageRoute {
  path: string;
  Page: LazyExoticComponent<ComponentType>;
}

const route = (path: string, load: () => Promise<{ default: ComponentType }>): PageRoute => ({
  path,
  Page: lazy(load),
});

/** Each page is a chunk of its own. */
export const ROUTES: readonly PageRoute[] = [
  route("/iam", () => import("../iam/dashboard")),
  route("/iam/users", () => import("../iam/users")),
  route("/iam/users/create", () => import("../iam/create-user")),
  route("/iam/users/:name", () => import("../iam/user")),
  route("/iam/groups", () => import("../iam/groups")),
  route("/iam/groups/create", () => import("../iam/create-group")),
  route("/iam/groups/:name", () => import("../iam/group")),
  route("/iam/policies", () => import("../iam/policies")),
  route("/iam/policies/create", () => import("../iam/create-policy")),
  route("/iam/policies/detail", () => import("../iam/policy")),
  route("/iam/roles", () => import("../iam/roles")),
  route("/iam/roles/create", () => import("../iam/create-role")),
  route("/iam/roles/:name", () => import("../iam/role")),
  route("/iam/account-settings", () => import("../iam/account-settings")),
  route("/iam/security-credentials", () => import("../iam/my-credentials")),
  route("/iam/unused-keys", () => import("../iam/unused-keys")),
  route("/sessions", () => import("./sessions")),
  route("/s3/buckets", () => import("../s3/buckets")),
  route("/s3/buckets/create", () => import("../s3/create-bucket")),
  route("/s3/buckets/:bucket", () => import("../s3/bucket")),
  route("/events", () => import("../events/event-history")),
  route("/later/:service", () => import("./later")),
];

/** What the search of the top navigation finds, by present and by older labels. */
export const FINDABLE: readonly { href: string; label: string; also: string }[] = [
  { href: "/iam", label: t.nav.dashboard, also: "IAM" },
  { href: "/iam/users", label: t.nav.users, also: t.aliases.users },
  { href: "/iam/groups", label: t.nav.groups, also: t.aliases.groups },
  { href: "/iam/roles", label: t.nav.roles, also: t.aliases.roles },
  { href: "/iam/policies", label: t.nav.policies, also: t.aliases.policies },
  { href: "/iam/security-credentials", label: t.nav.credentials, also: t.aliases.credentials },
  { href: "/iam/account-settings", label: t.nav.accountSettings, also: t.aliases.settings },
  { href: "/iam/unused-keys", label: t.nav.unusedKeys, also: t.aliases.unusedKeys },
  { href: "/s3/buckets", label: t.nav.buckets, also: t.aliases.buckets },
  { href: "/events", label: t.nav.events, also: t.aliases.events },
  ...Object.entries(t.later.services).map(([key, each]) => ({
    href: `/later/${key}`,
    label: each.name,
    also: each.what,
  })),
];
