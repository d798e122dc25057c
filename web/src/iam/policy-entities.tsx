import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Select from "@cloudscape-design/components/select";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAction } from "../common/action";
import { Choose } from "../common/choose";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { Nothing, PagedTable } from "../common/paged-table";
import { RouterLink } from "../common/router-link";
import { useSteps } from "../common/steps";
import type { Pager } from "../api/walk";
import { t } from "../strings/en";
import { entitiesOf, type Entity } from "./entities";
import { HOLDERS, type Kind } from "./holders";
import { listGroups, listRoles, listUsers } from "./lists";
import { pathOf } from "./trail";

const s = t.iam.policies;
const LINK = { User: pathOf.user, Group: pathOf.group, Role: pathOf.role };
const KINDS = (Object.keys(s.kinds) as Kind[]).map((value) => ({ value, label: s.kinds[value] }));

/** Whom a policy is attached to: attach, detach. */
export function PolicyEntities({ arn }: { arn: string }) {
  const action = useAction();
  const [selected, setSelected] = useState<Entity[]>([]);
  const [attaching, setAttaching] = useState(false);
  const query = useQuery({ queryKey: ["entities", arn], queryFn: () => entitiesOf(arn) });
  const detach = async () => {
    const done = await action.run(async () => {
      for (const { kind, name } of selected) await HOLDERS[kind].detach(name, arn);
    });
    if (done) setSelected([]);
  };
  return (
    <SpaceBetween size="s">
      <Failure error={action.error} onDismiss={action.clear} />
      <Table
        items={query.data ?? []}
        trackBy={(entity) => `${entity.kind} ${entity.name}`}
        loading={query.isLoading}
        loadingText={t.table.loading}
        selectionType="multi"
        selectedItems={selected}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        ariaLabels={{
          tableLabel: s.attachTitle,
          selectionGroupLabel: s.attachTitle,
          allItemsSelectionLabel: () => t.table.selectAll,
          itemSelectionLabel: (_, entity) => t.table.select(entity.name),
        }}
        header={
          <Header
            variant="h2"
            counter={`(${query.data?.length ?? 0})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Guarded
                  needs={["iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy"]}
                  disabled={selected.length === 0}
                  loading={action.busy}
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
          >
            {s.attachTitle}
          </Header>
        }
        empty={
          query.error === null ? (
            <Nothing title={s.noEntities} help={s.noEntitiesHelp} />
          ) : (
            <Failure error={query.error} />
          )
        }
        columnDefinitions={[
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

const named =
  <T,>(pager: Pager<T>, name: (item: T) => string): Pager<string> =>
  async (next, size) => {
    const page = await pager(next, size);
    return { items: page.items.map(name), next: page.next };
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
