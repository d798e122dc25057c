import { ListPage } from "../common/list-page";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { DeleteUser } from "./delete-entity";
import { listUsers } from "./lists";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.users;

export default function Users() {
  return (
    <ListPage
      words={s}
      list={["users"]}
      pager={listUsers}
      name={(user) => user.UserName}
      nameHeader={s.userName}
      path={(user) => pathOf.user(user.UserName)}
      trail={TRAIL.top}
      create={{ path: "/iam/users/create", needs: "iam:CreateUser", older: s.older }}
      deletion={{
        needs: "iam:DeleteUser",
        dialog: (user, onDone, onCancel) => <DeleteUser name={user.UserName} onDone={onDone} onCancel={onCancel} />,
      }}
      columns={[
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
  );
}
