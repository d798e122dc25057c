import { t } from "../strings/en";

/** What *Create role* asks about who may assume it. */
export interface TrustDraft {
  kind: "service" | "account" | "custom";
  service: string;
  other: boolean;
  account: string;
  externalId: string | null;
  mfa: boolean;
  custom: string;
}

/** Services whose roles people make by hand, with the principal that trust policies name. */
export const SERVICES = [
  ["ec2.amazonaws.com", "EC2"],
  ["lambda.amazonaws.com", "Lambda"],
  ["ecs-tasks.amazonaws.com", "Elastic Container Service Task"],
  ["codebuild.amazonaws.com", "CodeBuild"],
  ["events.amazonaws.com", "EventBridge"],
  ["s3.amazonaws.com", "S3"],
].map(([value = "", label = ""]) => ({ value, label, description: t.iam.roles.onYourBehalf(label) }));

export const NEW_TRUST: TrustDraft = {
  kind: "service",
  service: "ec2.amazonaws.com",
  other: false,
  account: "",
  externalId: null,
  mfa: false,
  custom: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {},
      "Action": "sts:AssumeRole"
    }
  ]
}`,
};

export function trustProblem(draft: TrustDraft): string | null {
  return draft.kind === "account" && draft.other && !/^\d{12}$/.test(draft.account) ? t.iam.roles.badAccount : null;
}

export function trustDocument(draft: TrustDraft, ownAccount: string): string {
  if (draft.kind === "custom") return draft.custom;
  const account = draft.other ? draft.account : ownAccount;
  const principal = draft.kind === "service" ? { Service: draft.service } : { AWS: `arn:aws:iam::${account}:root` };
  const condition = {
    ...(draft.externalId !== null ? { StringEquals: { "sts:ExternalId": draft.externalId } } : {}),
    ...(draft.mfa ? { Bool: { "aws:MultiFactorAuthPresent": "true" } } : {}),
  };
  const conditional = draft.kind === "account" && Object.keys(condition).length > 0;
  const statement = {
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...(conditional ? { Condition: condition } : {}),
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);
}
