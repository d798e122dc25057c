import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Wizard from "@cloudscape-design/components/wizard";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import type { IamPolicy } from "../api/types";
import { useSession } from "../app/session";
import type { Spoken } from "../common/as-code";
import { useDocumentProblem } from "../common/check-policy";
import { notify } from "../common/notices";
import { Page } from "../common/page";
import { PolicyEditor } from "../common/policy-editor";
import { ShowAsCode } from "../common/show-code";
import { useSteps, type Step } from "../common/steps";
import { StepsProgress } from "../common/steps-progress";
import { WIZARD } from "../common/wizard";
import { t } from "../strings/en";
import { HOLDERS } from "./holders";
import { PolicyPicker } from "./policy-picker";
import { TRAIL } from "./trail";
import { NEW_TRUST, trustDocument, trustProblem } from "./trust";
import { TrustedEntity } from "./trusted-entity";

const s = t.iam.roles;

export default function CreateRole() {
  const navigate = useNavigate();
  const { principal } = useSession();
  const steps = useSteps();
  const [at, setAt] = useState(0);
  const [stopped, setStopped] = useState(false);
  const [trust, setTrust] = useState(NEW_TRUST);
  const [policies, setPolicies] = useState<IamPolicy[]>([]);
  const [name, setName] = useState("");
  const [about, setAbout] = useState("");
  const document = trustDocument(trust, principal.account);
  const profile = trust.kind === "service" && trust.service === "ec2.amazonaws.com";
  const input = {
    RoleName: name,
    AssumeRolePolicyDocument: document,
    ...(about === "" ? {} : { Description: about }),
  };

  const submit = async () => {
    // The instance profile is what an EC2 instance is given: the console makes it with the role.
    const withProfile: Step[] = [
      { label: s.steps.profile, run: () => call("iam", "CreateInstanceProfile", { InstanceProfileName: name }) },
      {
        label: s.steps.addProfile,
        run: () => call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: name }),
      },
    ];
    const done = await steps.go([
      { label: s.steps.role, run: () => call("iam", "CreateRole", input) },
      ...policies.map((policy) => ({
        label: s.steps.policy(policy.PolicyName ?? ""),
        run: () => HOLDERS.Role.attach(name, policy.Arn ?? ""),
      })),
      ...(profile ? withProfile : []),
    ]);
    if (!done) return;
    notify("success", s.created(name));
    void navigate("/iam/roles");
  };
  const say = (operation: string, words: Record<string, unknown>): Spoken => ({
    service: "iam",
    operation,
    input: words,
  });
  const calls = [
    say("CreateRole", input),
    ...policies.map(({ Arn }) => say("AttachRolePolicy", { RoleName: name, PolicyArn: Arn })),
    ...(profile
      ? [
          say("CreateInstanceProfile", { InstanceProfileName: name }),
          say("AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: name }),
        ]
      : []),
  ];
  const unfit = useDocumentProblem(document, "trust");
  const problem = trustProblem(trust) ?? (trust.kind === "custom" ? unfit : null);
  return (
    <Page title={s.create} trail={TRAIL.roles}>
      <Wizard
        activeStepIndex={at}
        onNavigate={({ detail }) => {
          setStopped(problem !== null);
          if (problem === null) setAt(detail.requestedStepIndex);
        }}
        onCancel={() => void navigate("/iam/roles")}
        onSubmit={() => void submit()}
        isLoadingNextStep={steps.busy}
        submitButtonText={s.submit}
        i18nStrings={WIZARD}
        steps={[
          {
            title: s.selectTrusted,
            errorText: stopped && problem !== null ? problem : undefined,
            content: <TrustedEntity draft={trust} change={(part) => setTrust((before) => ({ ...before, ...part }))} />,
          },
          { title: s.permissions, content: <PolicyPicker selected={policies} onSelect={setPolicies} /> },
          {
            title: s.nameReview,
            content: (
              <SpaceBetween size="l">
                <StepsProgress steps={steps} />
                <Container>
                  <SpaceBetween size="m">
                    <FormField label={s.name} constraintText={s.nameHelp}>
                      <Input
                        value={name}
                        autoComplete={false}
                        onChange={({ detail }) => {
                          setName(detail.value);
                          steps.restart();
                        }}
                      />
                    </FormField>
                    <FormField label={`${s.about} – ${t.actions.optional}`}>
                      <Textarea value={about} onChange={({ detail }) => setAbout(detail.value)} />
                    </FormField>
                  </SpaceBetween>
                </Container>
                <Container header={<Header variant="h2">{s.trust}</Header>}>
                  <PolicyEditor value={document} label={s.trust} />
                </Container>
                <Container>
                  <ShowAsCode calls={name === "" ? [] : calls} />
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </Page>
  );
}
