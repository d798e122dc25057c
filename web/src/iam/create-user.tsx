import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import type { IamAccessKey } from "../api/types";
import { all } from "../api/walk";
import { Page } from "../common/page";
import { useSteps, type Step } from "../common/steps";
import { StepsProgress } from "../common/steps-progress";
import { WIZARD } from "../common/wizard";
import { t } from "../strings/en";
import { Created } from "./create-user-done";
import { Details, Permissions, Review } from "./create-user-steps";
import { HOLDERS } from "./holders";
import { listGroupsOf } from "./lists";
import { attachedDirectly, draftProblem, emptyDraft, spoken, type UserDraft } from "./user-draft";
import { TRAIL } from "./trail";

const s = t.iam.createUser;

export default function CreateUser() {
  const navigate = useNavigate();
  const [draft, setDraft] = useState<UserDraft>(emptyDraft);
  const [at, setAt] = useState(0);
  const [tried, setTried] = useState(false);
  const [key, setKey] = useState<IamAccessKey | null>(null);
  const [finished, setFinished] = useState(false);
  const steps = useSteps();
  const change = (part: Partial<UserDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    if (steps.done === 0) steps.restart();
  };
  const problem = draftProblem(draft);

  const submit = async () => {
    if (await steps.go(await planned(draft, setKey))) setFinished(true);
  };
  if (finished) return <Created draft={draft} accessKey={key} />;
  return (
    <Page title={s.title} trail={TRAIL.users}>
      <Wizard
        activeStepIndex={at}
        onNavigate={({ detail }) => {
          setTried(true);
          if (detail.requestedStepIndex === 0 || problem === null) setAt(detail.requestedStepIndex);
        }}
        onCancel={() => void navigate("/iam/users")}
        onSubmit={() => void submit()}
        isLoadingNextStep={steps.busy}
        submitButtonText={steps.done > 0 ? t.actions.tryRest : s.submit}
        i18nStrings={WIZARD}
        steps={[
          {
            title: s.details,
            content: <Details draft={draft} change={change} problem={tried ? problem : null} made={steps.done > 0} />,
          },
          { title: s.permissions, content: <Permissions draft={draft} change={change} /> },
          {
            title: s.review,
            content: (
              <Review draft={draft} change={change} calls={spoken(draft)}>
                <StepsProgress steps={steps} />
              </Review>
            ),
          },
        ]}
      />
    </Page>
  );
}

/** The calls in their order. What is copied is read first, so that nothing is made if it cannot be read. */
async function planned(draft: UserDraft, onKey: (key: IamAccessKey) => void): Promise<Step[]> {
  const UserName = draft.name;
  const Tags = draft.tags.filter((tag) => tag.Key !== "");
  const steps: Step[] = [
    { label: s.steps.user, run: () => call("iam", "CreateUser", { UserName, ...(Tags.length > 0 ? { Tags } : {}) }) },
  ];
  if (draft.console) {
    const login = { UserName, Password: draft.password, PasswordResetRequired: draft.mustChange };
    steps.push({ label: s.steps.login, run: () => call("iam", "CreateLoginProfile", login) });
  }
  const join = (GroupName: string) =>
    steps.push({ label: s.steps.group(GroupName), run: () => call("iam", "AddUserToGroup", { UserName, GroupName }) });
  const attach = (name: string, arn: string) =>
    steps.push({ label: s.steps.policy(name), run: () => HOLDERS.User.attach(UserName, arn) });
  const policies = new Map(attachedDirectly(draft));
  if (draft.way === "group") draft.groups.forEach((group) => join(group.GroupName));
  const source = draft.source[0]?.UserName;
  if (draft.way === "copy" && source !== undefined) {
    (await all(listGroupsOf(source))).forEach((group) => join(group.GroupName));
    for (const { PolicyName = "", PolicyArn = "" } of await all(HOLDERS.User.attached(source)))
      policies.set(PolicyArn, PolicyName);
    for (const name of await all(HOLDERS.User.inline(source))) {
      const document = await HOLDERS.User.document(source, name);
      steps.push({ label: s.steps.inline(name), run: () => HOLDERS.User.put(UserName, name, document) });
    }
  }
  policies.forEach(attach);
  if (draft.key) {
    const create = async () => onKey((await call("iam", "CreateAccessKey", { UserName })).AccessKey);
    steps.push({ label: s.steps.key, run: create });
  }
  return steps;
}
