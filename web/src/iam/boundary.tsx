import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import type { IamPolicy } from "../api/types";
import { Choose } from "../common/choose";
import { ConfirmDelete } from "../common/confirm-delete";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { RouterLink } from "../common/router-link";
import { useSteps } from "../common/steps";
import { t } from "../strings/en";
import { PolicyPicker } from "./policy-picker";
import { pathOf } from "./trail";

const s = t.iam.boundary;

const CALLS = {
  User: {
    put: (UserName: string, PermissionsBoundary: string) =>
      call("iam", "PutUserPermissionsBoundary", { UserName, PermissionsBoundary }),
    drop: (UserName: string) => call("iam", "DeleteUserPermissionsBoundary", { UserName }),
  },
  Role: {
    put: (RoleName: string, PermissionsBoundary: string) =>
      call("iam", "PutRolePermissionsBoundary", { RoleName, PermissionsBoundary }),
    drop: (RoleName: string) => call("iam", "DeleteRolePermissionsBoundary", { RoleName }),
  },
};

interface BoundaryProps {
  kind: "User" | "Role";
  name: string;
  /** The policy that bounds it, if any. */
  arn: string | undefined;
}

/** The most that a user or a role may be given: a policy that only shrinks. */
export function Boundary({ kind, name, arn }: BoundaryProps) {
  const [dialog, setDialog] = useState<"set" | "remove" | null>(null);
  const policy = arn?.slice(arn.lastIndexOf("/") + 1) ?? "";
  const close = () => setDialog(null);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={s.description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {arn !== undefined && (
                <Guarded needs={`iam:Delete${kind}PermissionsBoundary` as const} onClick={() => setDialog("remove")}>
                  {s.remove}
                </Guarded>
              )}
              <Guarded needs={`iam:Put${kind}PermissionsBoundary` as const} onClick={() => setDialog("set")}>
                {arn === undefined ? s.set : s.change}
              </Guarded>
            </SpaceBetween>
          }
        >
          {s.title}
        </Header>
      }
    >
      {arn === undefined ? (
        <Nothing title={s.none} help={s.noneHelp} />
      ) : (
        <RouterLink to={pathOf.policy(arn)}>{policy}</RouterLink>
      )}
      {dialog === "set" && <SetBoundary kind={kind} name={name} onClose={close} />}
      {dialog === "remove" && (
        <ConfirmDelete
          title={s.removeTitle}
          word={name}
          label={s.remove}
          calls={[
            {
              service: "iam",
              operation: `Delete${kind}PermissionsBoundary`,
              input: { [`${kind}Name`]: name },
            },
          ]}
          run={() => CALLS[kind].drop(name)}
          onDone={() => {
            notify("success", s.removed(name));
            close();
          }}
          onCancel={close}
        >
          {s.removeHelp(policy, name)}
        </ConfirmDelete>
      )}
    </Container>
  );
}

function SetBoundary({ kind, name, onClose }: { kind: "User" | "Role"; name: string; onClose: () => void }) {
  const steps = useSteps();
  const [selected, setSelected] = useState<IamPolicy[]>([]);
  const arn = selected[0]?.Arn ?? "";
  const set = async () => {
    if (!(await steps.go([{ label: s.set, run: () => CALLS[kind].put(name, arn) }]))) return;
    notify("success", s.done(name));
    onClose();
  };
  return (
    <Choose
      title={s.setTitle(name)}
      submit={s.set}
      disabled={arn === ""}
      steps={steps}
      onSubmit={() => void set()}
      onClose={onClose}
      calls={[
        {
          service: "iam",
          operation: `Put${kind}PermissionsBoundary`,
          input: { [`${kind}Name`]: name, PermissionsBoundary: arn },
        },
      ]}
    >
      <PolicyPicker embedded selected={selected} onSelect={setSelected} title={t.iam.policies.title} single />
    </Choose>
  );
}
