import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import type { IamPolicy } from "../api/types";
import { PagedTable } from "../common/paged-table";
import { t } from "../strings/en";
import { listPolicies, type Scope } from "./lists";
import { pathOf } from "./trail";

const s = t.iam.policies;
const SCOPES = (Object.keys(s.scopes) as Scope[]).map((value) => ({ value, label: s.scopes[value] }));

export function typeOf(policy: IamPolicy): string {
  return policy.Arn?.startsWith("arn:aws:iam::aws:") ? s.aws : s.customer;
}

/** Which policies are listed; part of several tables. */
export function ScopeSelect({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  return (
    <Select
      ariaLabel={s.scope}
      selectedOption={SCOPES.find((each) => each.value === scope) ?? null}
      options={SCOPES}
      onChange={({ detail }) => onChange(detail.selectedOption.value as Scope)}
    />
  );
}

interface PolicyPickerProps {
  selected: IamPolicy[];
  onSelect: (policies: IamPolicy[]) => void;
  title?: string;
  /** Part of a dialog. */
  embedded?: boolean;
  /** One policy only. */
  single?: boolean;
}

/** Managed policies to choose from. */
export function PolicyPicker({ selected, onSelect, title, embedded = false, single = false }: PolicyPickerProps) {
  const [scope, setScope] = useState<Scope>("All");
  return (
    <PagedTable
      key={scope}
      list={["policies", scope]}
      pager={listPolicies(scope)}
      id={(policy) => policy.PolicyName ?? ""}
      text={(policy) => policy.PolicyName ?? ""}
      title={title ?? t.iam.permissions.title}
      searchLabel={s.search}
      filter={<ScopeSelect scope={scope} onChange={setScope} />}
      variant={embedded ? "embedded" : "container"}
      selection={single ? "single" : "multi"}
      selected={selected}
      onSelect={(shown) => onSelect(shown)}
      empty={{ title: s.empty, help: s.emptyHelp }}
      columns={[
        {
          id: "name",
          header: s.name,
          isRowHeader: true,
          // Beside the form, which would be lost.
          cell: (policy) => (
            <Link external externalIconAriaLabel={t.table.newTab} href={pathOf.policy(policy.Arn ?? "")}>
              {policy.PolicyName ?? ""}
            </Link>
          ),
        },
        { id: "type", header: s.type, cell: typeOf },
        { id: "used", header: s.usedAs, cell: (policy) => policy.AttachmentCount ?? 0 },
      ]}
    />
  );
}
