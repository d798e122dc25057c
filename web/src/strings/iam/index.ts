import { account } from "./account";
import { credentials } from "./credentials";
import { groups } from "./groups";
import { policies } from "./policies";
import { roles } from "./roles";
import { users } from "./users";

export const iam = {
  trail: "IAM",
  name: "Name",
  path: "Path",
  arn: "ARN",
  created: "Creation time",
  ...account,
  ...users,
  ...credentials,
  ...groups,
  ...policies,
  ...roles,
} as const;
