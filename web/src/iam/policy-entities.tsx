import SpaceBetween from "@cloudscape-design/components/space-between";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { Choose } from "../common/choose";
import { Guarded } from "../common/guard";
import { PagedTable } from "../common/paged-table";
import { RouterLink } from "../common/router-link";
import { useSteps } from "../common/steps";
import { StepsProgress } from "../common/steps-progress";
import type { Pager } from "../api/walk";
import { t } from "../strings/en";
import { listEntities, type Entity } from "./entities";
import { HOLDERS, type Kind } from "./holders";
import { listGroups, listRoles, listUsers } from "./lists";
import { pathOf } from "./trail";

const s = t.iam.policies;
const LINK = { User: pathOf.user, Group: pathOf.group, Role: pathOf.role };
const KINDS = (Object.keys(s.kinds) as Kind[]).map((value) => ({ value, label: s.kinds[value] }));

/** Whom a policy is attached to: attach, detach. */
export function PolicyEntities({ arn }: { arn: string }) {
  const steps = useSteps();
  const [selected, setSelected] = useState<Entity[]>([]);
  const [attaching, setAttaching] = useState(false);
  const detach = async () => {
    const done = await steps.go(
      selected.map(({ kind, name }) => ({
        label: s.steps.detach(name),
        run: () => HOLDERS[kind].detach(name, arn),
      })),
    );
    if (!done) return;
    setSelected([]);
    steps.restart();
  };
  return (
    <SpaceBetween size="s">
      <StepsProgress steps={steps} />
      <PagedTable
        list={["entities", arn]}
        pager={listEntities(arn)}
        id={(entity) => `${entity.kind} ${entity.name}`}
        text={(entity) => entity.name}
        title={s.attachedTitle}
        searchLabel={s.searchEntities}
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.noEntities, help: s.noEntitiesHelp }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded
              needs={["iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy"]}
              disabled={selected.length === 0}
              loading={steps.busy}
              onClick={() => void detach()}
            >
              {s.detach}
            </Guarded>
            <Guarded
              needs={["iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"]}
              onClick={() => setAttaching(true)}
            >
              {s.attach}
            </Guarded>
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: t.iam.name,
            isRowHeader: true,
            cell: ({ kind, name }) => <RouterLink to={LINK[kind](name)}>{name}</RouterLink>,
          },
          { id: "kind", header: s.type, cell: ({ kind }) => s.kinds[kind] },
        ]}
      />
      {attaching && <AttachTo arn={arn} onClose={() => setAttaching(false)} />}
    </SpaceBetween>
  );
}

const named = <T,>(pager: Pager<T>, name: (item: T) => string): Pager<string> => {
  const names: Pager<string> = async (next, size) => {
    const page = await pager(next, size);
    return { items: page.items.map(name), next: page.next };
  };
  const { starting } = pager;
  if (starting) names.starting = async (text, size) => (await starting(text, size)).map(name);
  return names;
};

const PAGERS: Record<Kind, Pager<string>> = {
  User: named(listUsers, (user) => user.UserName),
  Group: named(listGroups, (group) => group.GroupName),
  Role: named(listRoles, (role) => role.RoleName),
};

function AttachTo({ arn, onClose }: { arn: string; onClose: () => void }) {
  const steps = useSteps();
  const [kind, setKind] = useState<Kind>("User");
  const [selected, setSelected] = useState<string[]>([]);
  const attach = async () => {
    const done = await steps.go(
      selected.map((name) => ({ label: `${s.attachTo} ${name}`, run: () => HOLDERS[kind].attach(name, arn) })),
    );
    if (done) onClose();
  };
  return (
    <Choose
      title={s.attachTitle}
      submit={s.attach}
      disabled={selected.length === 0}
      steps={steps}
      onSubmit={() => void attach()}
      onClose={onClose}
      calls={selected.map((name) => ({
        service: "iam",
        operation: `Attach${kind}Policy`,
        input: { [`${kind}Name`]: name, PolicyArn: arn },
      }))}
    >
      <Select
        ariaLabel={s.attachTo}
        selectedOption={KINDS.find((each) => each.value === kind) ?? null}
        options={KINDS}
        onChange={({ detail }) => {
          setKind(detail.selectedOption.value as Kind);
          setSelected([]);
        }}
      />
      <PagedTable
        key={kind}
        list={["names", kind]}
        pager={PAGERS[kind]}
        id={(name) => name}
        text={(name) => name}
        title={s.kinds[kind]}
        searchLabel={t.table.search}
        variant="embedded"
        selection="multi"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.noEntities, help: s.noEntitiesHelp }}
        columns={[{ id: "name", header: t.iam.name, isRowHeader: true, cell: (name) => name }]}
      />
    </Choose>
  );
}
