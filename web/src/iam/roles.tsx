import type { IamRole } from "../api/types";
import { documentText } from "../common/document";
import { ListPage } from "../common/list-page";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { DeleteRole } from "./delete-entity";
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
  return (
    <ListPage
      words={s}
      list={["roles"]}
      pager={listRoles}
      name={(role) => role.RoleName}
      nameHeader={s.name}
      path={(role) => pathOf.role(role.RoleName)}
      trail={TRAIL.top}
      create={{ path: "/iam/roles/create", needs: "iam:CreateRole" }}
      deletion={{
        needs: "iam:DeleteRole",
        dialog: (role, onDone, onCancel) => <DeleteRole name={role.RoleName} onDone={onDone} onCancel={onCancel} />,
      }}
      columns={[
        { id: "trusted", header: s.trusted, cell: trusted },
        { id: "created", header: t.iam.created, cell: (role) => ago(role.CreateDate) },
      ]}
    />
  );
}
