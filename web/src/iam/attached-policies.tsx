import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { IamPolicy } from "../api/types";
import { all } from "../api/walk";
import { Choose } from "../common/choose";
import { Failure } from "../common/failure";
import { Guarded, useGuardedItems } from "../common/guard";
import { notify } from "../common/notices";
import { Nothing } from "../common/paged-table";
import { RouterLink } from "../common/router-link";
import { useSteps } from "../common/steps";
import { t } from "../strings/en";
import { HOLDERS, type Kind } from "./holders";
import { InlinePolicy } from "./inline-policy";
import { listGroupsOf } from "./lists";
import { PolicyPicker } from "./policy-picker";
import { RemovePolicy } from "./remove-policy";
import { pathOf } from "./trail";

const s = t.iam.permissions;

interface Row {
  name: string;
  arn?: string;
  via: string;
  /** A group's policy is removed at the group. */
  own: boolean;
}

async function read(kind: Kind, name: string): Promise<Row[]> {
  const holder = HOLDERS[kind];
  const attached = await all(holder.attached(name));
  const inline = await all(holder.inline(name));
  const rows: Row[] = [
    ...attached.map((each) => ({ name: each.PolicyName ?? "", arn: each.PolicyArn, via: s.directly, own: true })),
    ...inline.map((each) => ({ name: each, via: s.inlineVia, own: true })),
  ];
  if (kind !== "User") return rows;
  for (const { GroupName } of await all(listGroupsOf(name))) {
    const ofGroup = await read("Group", GroupName);
    rows.push(...ofGroup.map((row) => ({ ...row, via: s.group(GroupName), own: false })));
  }
  return rows;
}

/** The policies of a user, a group or a role: attach, write inline, remove. */
export function AttachedPolicies({ kind, name }: { kind: Kind; name: string }) {
  const query = useQuery({ queryKey: ["permissions", kind, name], queryFn: () => read(kind, name) });
  const [selected, setSelected] = useState<Row[]>([]);
  const [dialog, setDialog] = useState<"attach" | "inline" | "remove" | null>(null);
  const [viewed, setViewed] = useState<string | null>(null);
  const ways = useGuardedItems([
    { id: "attach", text: s.attach, needs: `iam:Attach${kind}Policy` },
    { id: "inline", text: s.inline, needs: `iam:Put${kind}Policy` },
  ]);
  const chosen = selected[0];
  const close = () => setDialog(null);
  return (
    <>
      <Table
        items={query.data ?? []}
        trackBy={(row) => `${row.via} ${row.name}`}
        loading={query.isLoading}
        loadingText={t.table.loading}
        selectionType="single"
        selectedItems={selected}
        isItemDisabled={(row) => !row.own}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        ariaLabels={{
          tableLabel: s.title,
          selectionGroupLabel: s.title,
          itemSelectionLabel: (_, row) => t.table.select(row.name),
        }}
        header={
          <Header
            variant="h2"
            counter={`(${query.data?.length ?? 0})`}
            description={s.description}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Guarded
                  needs={`iam:Detach${kind}Policy` as const}
                  disabled={chosen === undefined}
                  onClick={() => setDialog("remove")}
                >
                  {s.remove}
                </Guarded>
                <ButtonDropdown items={ways} onItemClick={({ detail }) => setDialog(detail.id as "attach" | "inline")}>
                  {s.add}
                </ButtonDropdown>
              </SpaceBetween>
            }
          >
            {s.title}
          </Header>
        }
        empty={
          query.error === null ? (
            <Nothing title={s.empty} help={s.emptyHelp} />
          ) : (
            <Failure error={query.error} onRetry={() => void query.refetch()} />
          )
        }
        columnDefinitions={[
          {
            id: "name",
            header: t.iam.policies.name,
            isRowHeader: true,
            cell: (row) =>
              row.arn !== undefined ? (
                <RouterLink to={pathOf.policy(row.arn)}>{row.name}</RouterLink>
              ) : row.own ? (
                <Button variant="inline-link" ariaLabel={s.view(row.name)} onClick={() => setViewed(row.name)}>
                  {row.name}
                </Button>
              ) : (
                row.name
              ),
          },
          { id: "type", header: t.iam.policies.type, cell: rowType },
          { id: "via", header: s.via, cell: (row) => row.via },
        ]}
      />
      {dialog === "attach" && <Attach kind={kind} name={name} onClose={close} />}
      {(dialog === "inline" || viewed !== null) && (
        <InlinePolicy
          kind={kind}
          name={name}
          policy={viewed}
          onClose={() => {
            setViewed(null);
            close();
          }}
        />
      )}
      {dialog === "remove" && chosen !== undefined && (
        <RemovePolicy
          kind={kind}
          name={name}
          policy={chosen.name}
          arn={chosen.arn}
          onClose={(done) => (close(), done && setSelected([]))}
        />
      )}
    </>
  );
}

function rowType(row: Row): string {
  if (row.arn === undefined) return t.iam.policies.inline;
  return row.arn.startsWith("arn:aws:iam::aws:") ? t.iam.policies.aws : t.iam.policies.customer;
}

function Attach({ kind, name, onClose }: { kind: Kind; name: string; onClose: () => void }) {
  const steps = useSteps();
  const [selected, setSelected] = useState<IamPolicy[]>([]);
  const attach = async () => {
    const done = await steps.go(
      selected.map((policy) => ({
        label: t.iam.createUser.steps.policy(policy.PolicyName ?? ""),
        run: () => HOLDERS[kind].attach(name, policy.Arn ?? ""),
      })),
    );
    if (!done) return;
    notify("success", s.attached(selected.length));
    onClose();
  };
  return (
    <Choose
      title={s.attachTitle(name)}
      submit={s.attach}
      disabled={selected.length === 0}
      steps={steps}
      onSubmit={() => void attach()}
      onClose={onClose}
      calls={selected.map(({ Arn }) => ({
        service: "iam",
        operation: `Attach${kind}Policy`,
        input: { [`${kind}Name`]: name, PolicyArn: Arn },
      }))}
    >
      <PolicyPicker embedded selected={selected} onSelect={setSelected} title={t.iam.policies.title} />
    </Choose>
  );
}
