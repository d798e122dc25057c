import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { IamPolicy } from "../api/types";
import { Guarded } from "../common/guard";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { t } from "../strings/en";
import { DeletePolicy } from "./delete-policy";
import { listPolicies, type Scope } from "./lists";
import { ScopeSelect, typeOf } from "./policy-picker";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.policies;

export default function Policies() {
  const navigate = useNavigate();
  const [scope, setScope] = useState<Scope>("All");
  const [selected, setSelected] = useState<IamPolicy[]>([]);
  const [deleting, setDeleting] = useState(false);
  const chosen = selected[0];
  const create = (
    <Guarded needs="iam:CreatePolicy" variant="primary" onClick={() => void navigate("/iam/policies/create")}>
      {s.create}
    </Guarded>
  );
  return (
    <Page title={s.title} trail={TRAIL.top} description={s.description}>
      <PagedTable
        key={scope}
        list={["policies", scope]}
        pager={listPolicies(scope)}
        id={(policy) => policy.PolicyName ?? ""}
        text={(policy) => policy.PolicyName ?? ""}
        title={s.title}
        searchLabel={s.search}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        filter={<ScopeSelect scope={scope} onChange={setScope} />}
        empty={{ title: s.empty, help: s.emptyHelp, action: create }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded
              needs="iam:DeletePolicy"
              disabled={chosen === undefined || typeOf(chosen) === s.aws}
              onClick={() => setDeleting(true)}
            >
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
            cell: (policy) => <RouterLink to={pathOf.policy(policy.Arn ?? "")}>{policy.PolicyName ?? ""}</RouterLink>,
          },
          { id: "type", header: s.type, cell: typeOf },
          { id: "used", header: s.usedAs, cell: (policy) => policy.AttachmentCount ?? 0 },
          { id: "about", header: s.about, cell: (policy) => policy.Description ?? t.time.none },
        ]}
      />
      {deleting && chosen !== undefined && (
        <DeletePolicy
          arn={chosen.Arn ?? ""}
          name={chosen.PolicyName ?? ""}
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
