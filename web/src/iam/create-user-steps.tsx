import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import type { ReactNode } from "react";
import type { Spoken } from "../common/as-code";
import { PagedTable } from "../common/paged-table";
import { ShowAsCode } from "../common/show-code";
import { TagsEditor } from "../common/tags";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { listGroups, listUsers } from "./lists";
import { generatedPassword } from "./passwords";
import { PolicyPicker } from "./policy-picker";
import { attachedDirectly, type DraftProblem, type UserDraft } from "./user-draft";

const s = t.iam.createUser;

interface StepProps {
  draft: UserDraft;
  change: (part: Partial<UserDraft>) => void;
}

interface DetailsProps extends StepProps {
  problem: DraftProblem | null;
  /** The user exists already, something that follows has failed: the name stays. */
  made: boolean;
}

export function Details({ draft, change, problem, made }: DetailsProps) {
  const fault = (field: string) => (problem?.field === field ? problem.message : undefined);
  return (
    <Container header={<Header variant="h2">{s.reviewDetails}</Header>}>
      <SpaceBetween size="l">
        <FormField label={s.userName} constraintText={s.userNameHelp} errorText={fault("name")}>
          <Input
            value={draft.name}
            disabled={made}
            autoFocus
            autoComplete={false}
            onChange={({ detail }) => change({ name: detail.value })}
          />
        </FormField>
        <Checkbox
          checked={draft.console}
          description={s.consoleHelp}
          onChange={({ detail }) => change({ console: detail.checked })}
        >
          {s.console}
        </Checkbox>
        {draft.console && (
          <div className="within">
            <SpaceBetween size="m">
              <FormField label={s.password}>
                <RadioGroup
                  value={draft.generate ? "generate" : "custom"}
                  onChange={({ detail }) => {
                    const generate = detail.value === "generate";
                    change({ generate, password: generate ? generatedPassword() : "" });
                  }}
                  items={[
                    { value: "generate", label: s.generated, description: s.generatedHelp },
                    { value: "custom", label: s.custom, description: s.customHelp },
                  ]}
                />
              </FormField>
              {!draft.generate && (
                <FormField label={s.customLabel} errorText={fault("password")}>
                  <Input
                    type="password"
                    autoComplete="new-password"
                    value={draft.password}
                    onChange={({ detail }) => change({ password: detail.value })}
                  />
                </FormField>
              )}
              <Checkbox
                checked={draft.mustChange}
                description={s.mustChangeHelp}
                onChange={({ detail }) => change({ mustChange: detail.checked })}
              >
                {s.mustChange}
              </Checkbox>
            </SpaceBetween>
          </div>
        )}
        <Checkbox
          checked={draft.key}
          description={s.keyHelp}
          onChange={({ detail }) => change({ key: detail.checked })}
        >
          {s.key}
        </Checkbox>
      </SpaceBetween>
    </Container>
  );
}

export function Permissions({ draft, change }: StepProps) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{s.options}</Header>}>
        <Tiles
          ariaLabel={s.options}
          value={draft.way}
          onChange={({ detail }) => change({ way: detail.value as UserDraft["way"] })}
          items={[
            { value: "group", label: s.byGroup, description: s.byGroupHelp },
            { value: "copy", label: s.byCopy, description: s.byCopyHelp },
            { value: "policy", label: s.byPolicy, description: s.byPolicyHelp },
          ]}
        />
      </Container>
      {draft.way === "group" && (
        <PagedTable
          list={["groups"]}
          pager={listGroups}
          id={(group) => group.GroupName}
          text={(group) => group.GroupName}
          title={t.iam.groups.title}
          searchLabel={t.iam.groups.search}
          selection="multi"
          selected={draft.groups}
          onSelect={(groups) => change({ groups })}
          empty={{ title: t.iam.groups.empty, help: t.iam.groups.emptyHelp }}
          columns={[
            { id: "name", header: t.iam.groups.groupName, isRowHeader: true, cell: (group) => group.GroupName },
            { id: "created", header: t.iam.created, cell: (group) => ago(group.CreateDate) },
          ]}
        />
      )}
      {draft.way === "copy" && (
        <PagedTable
          list={["users"]}
          pager={listUsers}
          id={(user) => user.UserName}
          text={(user) => user.UserName}
          title={s.copyFrom}
          searchLabel={t.iam.users.search}
          selection="single"
          selected={draft.source}
          onSelect={(source) => change({ source })}
          empty={{ title: t.iam.users.empty, help: t.iam.users.emptyHelp }}
          columns={[{ id: "name", header: s.userName, isRowHeader: true, cell: (user) => user.UserName }]}
        />
      )}
      {draft.way === "policy" && (
        <PolicyPicker selected={draft.policies} onSelect={(policies) => change({ policies })} />
      )}
    </SpaceBetween>
  );
}

export function Review({ draft, change, calls, children }: StepProps & { calls: Spoken[]; children: ReactNode }) {
  return (
    <SpaceBetween size="l">
      {children}
      <Container header={<Header variant="h2">{s.reviewDetails}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: s.userName, value: draft.name },
            { label: s.console, value: draft.console ? s.yes : s.no },
            { label: s.key, value: draft.key ? s.yes : s.no },
            { label: s.mustChange, value: draft.console && draft.mustChange ? s.yes : s.no },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">{s.reviewPermissions}</Header>}>
        <PermissionSummary draft={draft} />
      </Container>
      <Container header={<Header variant="h2">{t.tags.title}</Header>}>
        <TagsEditor tags={draft.tags} onChange={(tags) => change({ tags })} />
      </Container>
      <Container>
        <ShowAsCode calls={calls} />
      </Container>
    </SpaceBetween>
  );
}

function PermissionSummary({ draft }: { draft: UserDraft }) {
  const names: string[] = {
    group: draft.groups.map((group) => t.iam.permissions.group(group.GroupName)),
    policy: [],
    copy: draft.source.map((user) => `${s.copyFrom}: ${user.UserName}`),
  }[draft.way];
  names.push(...attachedDirectly(draft).map(([, name]) => name));
  if (names.length === 0) return <>{s.none}</>;
  return (
    <ul className="plain">
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  );
}
