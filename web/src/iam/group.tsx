import Container from "@cloudscape-design/components/container";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { call } from "../api/client";
import type { IamUser } from "../api/types";
import { Choose } from "../common/choose";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { Copyable } from "../common/secret";
import { useSteps } from "../common/steps";
import { StepsProgress } from "../common/steps-progress";
import { ago, moment } from "../common/times";
import { t } from "../strings/en";
import { AttachedPolicies } from "./attached-policies";
import { DeleteGroup } from "./delete-entity";
import { listMembers, listUsers } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.groups;

export default function GroupPage() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const query = useQuery({
    queryKey: ["group", name],
    queryFn: () => call("iam", "GetGroup", { GroupName: name, MaxItems: 1 }),
  });
  const group = query.data?.Group;
  return (
    <Page
      title={name}
      trail={TRAIL.groups}
      actions={
        <Guarded needs="iam:DeleteGroup" onClick={() => setDeleting(true)}>
          {t.actions.delete}
        </Guarded>
      }
    >
      <SpaceBetween size="l">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        {query.isLoading && <Spinner />}
        {group !== undefined && (
          <>
            <Container>
              <KeyValuePairs
                columns={3}
                items={[
                  { label: s.groupName, value: group.GroupName },
                  { label: t.iam.created, value: moment(group.CreateDate) },
                  { label: t.iam.arn, value: <Copyable text={group.Arn} name={t.iam.arn} /> },
                ]}
              />
            </Container>
            <Tabs
              tabs={[
                { id: "users", label: s.members, content: <Members group={name} /> },
                { id: "permissions", label: s.permissions, content: <AttachedPolicies kind="Group" name={name} /> },
              ]}
            />
          </>
        )}
      </SpaceBetween>
      {deleting && (
        <DeleteGroup name={name} onDone={() => void navigate("/iam/groups")} onCancel={() => setDeleting(false)} />
      )}
    </Page>
  );
}

function Members({ group }: { group: string }) {
  const steps = useSteps();
  const [selected, setSelected] = useState<IamUser[]>([]);
  const [adding, setAdding] = useState(false);
  const remove = async () => {
    const done = await steps.go(
      selected.map(({ UserName }) => ({
        label: s.steps.remove(UserName),
        run: () => call("iam", "RemoveUserFromGroup", { GroupName: group, UserName }),
      })),
    );
    if (done) {
      setSelected([]);
      steps.restart();
    }
  };
  return (
    <SpaceBetween size="s">
      <StepsProgress steps={steps} />
      <PagedTable
        list={["members", group]}
        pager={listMembers(group)}
        id={(user) => user.UserName}
        text={(user) => user.UserName}
        title={s.members}
        searchLabel={t.iam.users.search}
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.noMembers, help: s.noMembersHelp }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded
              needs="iam:RemoveUserFromGroup"
              disabled={selected.length === 0}
              loading={steps.busy}
              onClick={() => void remove()}
            >
              {s.removeMembers}
            </Guarded>
            <Guarded needs="iam:AddUserToGroup" onClick={() => setAdding(true)}>
              {s.addMembers}
            </Guarded>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: t.iam.users.userName,
            isRowHeader: true,
            cell: (user) => <RouterLink to={pathOf.user(user.UserName)}>{user.UserName}</RouterLink>,
          },
          { id: "created", header: t.iam.created, cell: (user) => ago(user.CreateDate) },
        ]}
      />
      {adding && <AddMembers group={group} onClose={() => setAdding(false)} />}
    </SpaceBetween>
  );
}

function AddMembers({ group, onClose }: { group: string; onClose: () => void }) {
  const steps = useSteps();
  const [selected, setSelected] = useState<IamUser[]>([]);
  const add = async () => {
    const done = await steps.go(
      selected.map(({ UserName }) => ({
        label: s.steps.user(UserName),
        run: () => call("iam", "AddUserToGroup", { GroupName: group, UserName }),
      })),
    );
    if (done) onClose();
  };
  return (
    <Choose
      title={s.addMembers}
      submit={s.addMembers}
      disabled={selected.length === 0}
      steps={steps}
      onSubmit={() => void add()}
      onClose={onClose}
      calls={selected.map(({ UserName }) => ({
        service: "iam",
        operation: "AddUserToGroup",
        input: { GroupName: group, UserName },
      }))}
    >
      <PagedTable
        list={["users"]}
        pager={listUsers}
        id={(user) => user.UserName}
        text={(user) => user.UserName}
        title={t.iam.users.title}
        searchLabel={t.iam.users.search}
        variant="embedded"
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: t.iam.users.empty, help: t.iam.users.emptyHelp }}
        columns={[{ id: "name", header: t.iam.users.userName, isRowHeader: true, cell: (user) => user.UserName }]}
      />
    </Choose>
  );
}
