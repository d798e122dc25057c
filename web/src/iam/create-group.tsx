import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import type { IamPolicy, IamUser } from "../api/types";
import type { Spoken } from "../common/as-code";
import { notify } from "../common/notices";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { ShowAsCode } from "../common/show-code";
import { useSteps } from "../common/steps";
import { StepsProgress } from "../common/steps-progress";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { HOLDERS } from "./holders";
import { listUsers } from "./lists";
import { PolicyPicker } from "./policy-picker";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.groups;

export default function CreateGroup() {
  const navigate = useNavigate();
  const steps = useSteps();
  const [name, setName] = useState("");
  const [users, setUsers] = useState<IamUser[]>([]);
  const [policies, setPolicies] = useState<IamPolicy[]>([]);

  const submit = async () => {
    const done = await steps.go([
      { label: s.steps.group, run: () => call("iam", "CreateGroup", { GroupName: name }) },
      ...policies.map((policy) => ({
        label: s.steps.policy(policy.PolicyName ?? ""),
        run: () => HOLDERS.Group.attach(name, policy.Arn ?? ""),
      })),
      ...users.map(({ UserName }) => ({
        label: s.steps.user(UserName),
        run: () => call("iam", "AddUserToGroup", { GroupName: name, UserName }),
      })),
    ]);
    if (!done) return;
    notify("success", s.created(name));
    void navigate(pathOf.group(name));
  };
  const say = (operation: string, input: Record<string, unknown>): Spoken => ({ service: "iam", operation, input });
  const calls = [
    say("CreateGroup", { GroupName: name }),
    ...policies.map(({ Arn }) => say("AttachGroupPolicy", { GroupName: name, PolicyArn: Arn })),
    ...users.map(({ UserName }) => say("AddUserToGroup", { GroupName: name, UserName })),
  ];
  return (
    <Page title={s.createTitle} trail={TRAIL.groups}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => void navigate("/iam/groups")}>
                {t.actions.cancel}
              </Button>
              <Button variant="primary" disabled={name === ""} loading={steps.busy}>
                {s.submit}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <StepsProgress steps={steps} />
            <Container header={<Header variant="h2">{s.nameSection}</Header>}>
              <FormField label={s.groupName} constraintText={s.nameHelp}>
                <Input
                  value={name}
                  autoComplete={false}
                  autoFocus
                  onChange={({ detail }) => {
                    setName(detail.value);
                    steps.restart();
                  }}
                />
              </FormField>
            </Container>
            <PagedTable
              list={["users"]}
              pager={listUsers}
              id={(user) => user.UserName}
              text={(user) => user.UserName}
              title={s.addUsers}
              searchLabel={t.iam.users.search}
              selection="multi"
              selected={users}
              onSelect={setUsers}
              empty={{ title: t.iam.users.empty, help: t.iam.users.emptyHelp }}
              columns={[
                { id: "name", header: t.iam.users.userName, isRowHeader: true, cell: (user) => user.UserName },
                { id: "created", header: t.iam.created, cell: (user) => ago(user.CreateDate) },
              ]}
            />
            <PolicyPicker selected={policies} onSelect={setPolicies} title={s.attach} />
            <Container>
              <ShowAsCode calls={name === "" ? [] : calls} />
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
