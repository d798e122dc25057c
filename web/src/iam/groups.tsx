import { ListPage } from "../common/list-page";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { DeleteGroup } from "./delete-entity";
import { listGroups } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.groups;

export default function Groups() {
  return (
    <ListPage
      words={s}
      list={["groups"]}
      pager={listGroups}
      name={(group) => group.GroupName}
      nameHeader={s.groupName}
      path={(group) => pathOf.group(group.GroupName)}
      trail={TRAIL.top}
      create={{ path: "/iam/groups/create", needs: "iam:CreateGroup", older: s.createOlder }}
      deletion={{
        needs: "iam:DeleteGroup",
        dialog: (group, onDone, onCancel) => <DeleteGroup name={group.GroupName} onDone={onDone} onCancel={onCancel} />,
      }}
      columns={[
        { id: "path", header: t.iam.path, cell: (group) => group.Path },
        { id: "created", header: t.iam.created, cell: (group) => ago(group.CreateDate) },
        { id: "arn", header: t.iam.arn, cell: (group) => group.Arn },
      ]}
    />
  );
}
