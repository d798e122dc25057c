import type { IamGroup, IamPolicy, IamUser } from "../api/types";
import type { Spoken } from "../common/as-code";
import type { Tag } from "../common/tags";
import { t } from "../strings/en";
import { CHANGE_PASSWORD } from "./change-password";
import { generatedPassword } from "./passwords";

/** What the wizard *Create user* collects. */
export interface UserDraft {
  name: string;
  console: boolean;
  key: boolean;
  generate: boolean;
  password: string;
  mustChange: boolean;
  way: "group" | "copy" | "policy";
  groups: IamGroup[];
  policies: IamPolicy[];
  source: IamUser[];
  tags: Tag[];
}

export function emptyDraft(): UserDraft {
  return {
    name: "",
    console: false,
    key: false,
    generate: true,
    password: generatedPassword(),
    mustChange: true,
    way: "group",
    groups: [],
    policies: [],
    source: [],
    tags: [],
  };
}

export interface DraftProblem {
  field: "name" | "password";
  message: string;
}

export function draftProblem(draft: UserDraft): DraftProblem | null {
  if (draft.name === "") return { field: "name", message: t.iam.createUser.required };
  if (!/^[\w+=,.@-]{1,64}$/.test(draft.name)) return { field: "name", message: t.iam.createUser.badName };
  if (draft.console && draft.password === "") return { field: "password", message: t.iam.createUser.passwordRequired };
  return null;
}

/** ARN and name of the policies that are attached to the user itself. */
export function attachedDirectly(draft: UserDraft): [string, string][] {
  const chosen = draft.way === "policy" ? draft.policies : [];
  const pairs = chosen.map(({ Arn = "", PolicyName = "" }): [string, string] => [Arn, PolicyName]);
  const must = draft.console && draft.mustChange && !pairs.some(([arn]) => arn === CHANGE_PASSWORD.arn);
  return must ? [...pairs, [CHANGE_PASSWORD.arn, CHANGE_PASSWORD.name]] : pairs;
}

export function spoken(draft: UserDraft): Spoken[] {
  const UserName = draft.name;
  const say = (operation: string, input: Record<string, unknown>): Spoken => ({ service: "iam", operation, input });
  const calls = [say("CreateUser", { UserName, Tags: draft.tags.filter((tag) => tag.Key !== "") })];
  if (draft.console) {
    calls.push(
      say("CreateLoginProfile", { UserName, Password: draft.password, PasswordResetRequired: draft.mustChange }),
    );
  }
  if (draft.way === "group") {
    calls.push(...draft.groups.map(({ GroupName }) => say("AddUserToGroup", { GroupName, UserName })));
  }
  calls.push(...attachedDirectly(draft).map(([PolicyArn]) => say("AttachUserPolicy", { UserName, PolicyArn })));
  if (draft.key) calls.push(say("CreateAccessKey", { UserName }));
  return calls;
}
