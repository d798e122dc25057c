import type { IamGroup, IamPolicy, IamUser } from "../api/types";
import type { Spoken } from "../common/as-code";
import type { Tag } from "../common/tags";
import { t } from "../strings/en";
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
  if (draft.way === "policy") {
    calls.push(...draft.policies.map(({ Arn }) => say("AttachUserPolicy", { UserName, PolicyArn: Arn })));
  }
  if (draft.key) calls.push(say("CreateAccessKey", { UserName }));
  return calls;
}
