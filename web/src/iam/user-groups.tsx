import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import type { IamGroup } from "../api/types";
import { useAction } from "../common/action";
import { Choose } from "../common/choose";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { PagedTable } from "../common/paged-table";
import { RouterLink } from "../common/router-link";
import { useSteps } from "../common/steps";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { listGroups, listGroupsOf } from "./lists";
import { pathOf } from "./trail";

const s = t.iam.user;
const NAME = {
  id: "name",
  header: t.iam.groups.groupName,
  isRowHeader: true,
  cell: (group: IamGroup) => <RouterLink to={pathOf.group(group.GroupName)}>{group.GroupName}</RouterLink>,
};

/** The groups of a user: join, leave. */
export function UserGroups({ user }: { user: string }) {
  const action = useAction();
  const [selected, setSelected] = useState<IamGroup[]>([]);
  const [adding, setAdding] = useState(false);
  const leave = async () => {
    const done = await action.run(async () => {
      for (const { GroupName } of selected) await call("iam", "RemoveUserFromGroup", { UserName: user, GroupName });
    });
    if (done) setSelected([]);
  };
  return (
    <SpaceBetween size="s">
      <Failure error={action.error} onDismiss={action.clear} />
      <PagedTable
        list={["user-groups", user]}
        pager={listGroupsOf(user)}
        id={(group) => group.GroupName}
        text={(group) => group.GroupName}
        title={s.groups}
        searchLabel={t.iam.groups.search}
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.noGroups, help: s.noGroupsHelp }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded
              needs="iam:RemoveUserFromGroup"
              disabled={selected.length === 0}
              loading={action.busy}
              onClick={() => void leave()}
            >
              {s.removeFromGroup}
            </Guarded>
            <Guarded needs="iam:AddUserToGroup" onClick={() => setAdding(true)}>
              {s.addToGroups}
            </Guarded>
          </SpaceBetween>
        }
        columns={[NAME, { id: "created", header: t.iam.created, cell: (group) => ago(group.CreateDate) }]}
      />
      {adding && <JoinGroups user={user} onClose={() => setAdding(false)} />}
    </SpaceBetween>
  );
}

function JoinGroups({ user, onClose }: { user: string; onClose: () => void }) {
  const steps = useSteps();
  const [selected, setSelected] = useState<IamGroup[]>([]);
  const join = async () => {
    const done = await steps.go(
      selected.map(({ GroupName }) => ({
        label: t.iam.createUser.steps.group(GroupName),
        run: () => call("iam", "AddUserToGroup", { UserName: user, GroupName }),
      })),
    );
    if (!done) return;
    selected.forEach(({ GroupName }) => notify("success", s.added(user, GroupName)));
    onClose();
  };
  return (
    <Choose
      title={s.addToGroups}
      submit={s.addToGroups}
      disabled={selected.length === 0}
      steps={steps}
      onSubmit={() => void join()}
      onClose={onClose}
      calls={selected.map(({ GroupName }) => ({
        service: "iam",
        operation: "AddUserToGroup",
        input: { GroupName, UserName: user },
      }))}
    >
      <PagedTable
        list={["groups"]}
        pager={listGroups}
        id={(group) => group.GroupName}
        text={(group) => group.GroupName}
        title={t.iam.groups.title}
        searchLabel={t.iam.groups.search}
        variant="embedded"
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: t.iam.groups.empty, help: t.iam.groups.emptyHelp }}
        columns={[{ ...NAME, cell: (group) => group.GroupName }]}
      />
    </Choose>
  );
}
