import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { IamRole } from "../api/types";
import { documentText } from "../common/document";
import { Guarded } from "../common/guard";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { DeleteRole } from "./delete-role";
import { listRoles } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.roles;

/** Whom a trust policy names, in short. */
function trusted(role: IamRole): string {
  try {
    const { Statement } = JSON.parse(documentText(role.AssumeRolePolicyDocument)) as { Statement: unknown };
    const principals = (Array.isArray(Statement) ? Statement : [Statement]).flatMap((each) =>
      Object.values(((each as { Principal?: unknown }).Principal ?? {}) as Record<string, unknown>).flat(),
    );
    return principals.map(String).join(", ") || t.time.none;
  } catch {
    return t.time.none;
  }
}

export default function Roles() {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<IamRole[]>([]);
  const [deleting, setDeleting] = useState(false);
  const chosen = selected[0];
  const create = (
    <Guarded needs="iam:CreateRole" variant="primary" onClick={() => void navigate("/iam/roles/create")}>
      {s.create}
    </Guarded>
  );
  return (
    <Page title={s.title} trail={TRAIL.top} description={s.description}>
      <PagedTable
        list={["roles"]}
        pager={listRoles}
        id={(role) => role.RoleName}
        text={(role) => role.RoleName}
        title={s.title}
        searchLabel={s.search}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.empty, help: s.emptyHelp, action: create }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded needs="iam:DeleteRole" disabled={chosen === undefined} onClick={() => setDeleting(true)}>
              {t.actions.delete}
            </Guarded>
            {create}
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: s.name,
            isRowHeader: true,
            cell: (role) => <RouterLink to={pathOf.role(role.RoleName)}>{role.RoleName}</RouterLink>,
          },
          { id: "trusted", header: s.trusted, cell: trusted },
          { id: "created", header: t.iam.created, cell: (role) => ago(role.CreateDate) },
        ]}
      />
      {deleting && chosen !== undefined && (
        <DeleteRole
          name={chosen.RoleName}
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
