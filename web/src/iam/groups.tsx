import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import type { IamGroup } from "../api/types";
import { all } from "../api/walk";
import { ConfirmDelete } from "../common/confirm-delete";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { strip } from "./holders";
import { listGroups, listMembers } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.groups;

async function deleteGroup(GroupName: string): Promise<void> {
  for (const { UserName } of await all(listMembers(GroupName))) {
    await call("iam", "RemoveUserFromGroup", { GroupName, UserName });
  }
  await strip("Group", GroupName);
  await call("iam", "DeleteGroup", { GroupName });
}

export function DeleteGroup({ name, onDone, onCancel }: { name: string; onDone: () => void; onCancel: () => void }) {
  return (
    <ConfirmDelete
      title={s.deleteTitle(name)}
      word={name}
      run={() => deleteGroup(name)}
      onDone={() => {
        notify("success", s.deleted(name));
        onDone();
      }}
      onCancel={onCancel}
    >
      {s.deleteHelp(name)}
    </ConfirmDelete>
  );
}

export default function Groups() {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<IamGroup[]>([]);
  const [deleting, setDeleting] = useState(false);
  const chosen = selected[0];
  const create = (
    <Guarded
      needs="iam:CreateGroup"
      older={s.createOlder}
      variant="primary"
      onClick={() => void navigate("/iam/groups/create")}
    >
      {s.create}
    </Guarded>
  );
  return (
    <Page title={s.title} trail={TRAIL.top} description={s.description}>
      <PagedTable
        list={["groups"]}
        pager={listGroups}
        id={(group) => group.GroupName}
        text={(group) => group.GroupName}
        title={s.title}
        searchLabel={s.search}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.empty, help: s.emptyHelp, action: create }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded needs="iam:DeleteGroup" disabled={chosen === undefined} onClick={() => setDeleting(true)}>
              {t.actions.delete}
            </Guarded>
            {create}
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: s.groupName,
            isRowHeader: true,
            cell: (group) => <RouterLink to={pathOf.group(group.GroupName)}>{group.GroupName}</RouterLink>,
          },
          { id: "path", header: t.iam.path, cell: (group) => group.Path },
          { id: "created", header: t.iam.created, cell: (group) => ago(group.CreateDate) },
          { id: "arn", header: t.iam.arn, cell: (group) => group.Arn },
        ]}
      />
      {deleting && chosen !== undefined && (
        <DeleteGroup
          name={chosen.GroupName}
          onDone={() => {
            setDeleting(false);
            setSelected([]);
          }}
          onCancel={() => setDeleting(false)}
        />
      )}
    </Page>
  );
}
