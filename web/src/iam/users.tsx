import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { IamUser } from "../api/types";
import { Guarded } from "../common/guard";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { DeleteUser } from "./delete-user";
import { listUsers } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.users;

export default function Users() {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<IamUser[]>([]);
  const [deleting, setDeleting] = useState(false);
  const chosen = selected[0];
  const create = (
    <Guarded
      needs="iam:CreateUser"
      older={s.older}
      variant="primary"
      onClick={() => void navigate("/iam/users/create")}
    >
      {s.create}
    </Guarded>
  );
  return (
    <Page title={s.title} trail={TRAIL.top} description={s.description}>
      <PagedTable
        list={["users"]}
        pager={listUsers}
        id={(user) => user.UserName}
        text={(user) => user.UserName}
        title={s.title}
        searchLabel={s.search}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.empty, help: s.emptyHelp, action: create }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded needs="iam:DeleteUser" disabled={chosen === undefined} onClick={() => setDeleting(true)}>
              {s.delete}
            </Guarded>
            {create}
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: s.userName,
            isRowHeader: true,
            cell: (user) => <RouterLink to={pathOf.user(user.UserName)}>{user.UserName}</RouterLink>,
          },
          { id: "path", header: t.iam.path, cell: (user) => user.Path },
          {
            id: "signin",
            header: s.passwordAge,
            cell: (user) => (user.PasswordLastUsed ? ago(user.PasswordLastUsed) : t.time.none),
          },
          { id: "created", header: t.iam.created, cell: (user) => ago(user.CreateDate) },
          { id: "arn", header: t.iam.arn, cell: (user) => user.Arn },
        ]}
      />
      {deleting && chosen !== undefined && (
        <DeleteUser
          name={chosen.UserName}
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
