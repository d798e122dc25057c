import { useState } from "react";
import { ListPage } from "../common/list-page";
import { ago } from "../common/times";
import { t } from "../strings/en";
import { DeletePolicy } from "./delete-entity";
import { listPolicies, type Scope } from "./lists";
import { ScopeSelect, typeOf } from "./policy-picker";
import { TRAIL, pathOf } from "./trail";

const s = t.iam.policies;

export default function Policies() {
  const [scope, setScope] = useState<Scope>("All");
  return (
    <ListPage
      words={s}
      list={["policies", scope]}
      pager={listPolicies(scope)}
      name={(policy) => policy.PolicyName ?? ""}
      nameHeader={s.name}
      path={(policy) => pathOf.policy(policy.Arn ?? "")}
      trail={TRAIL.top}
      filter={<ScopeSelect scope={scope} onChange={setScope} />}
      create={{ path: "/iam/policies/create", needs: "iam:CreatePolicy" }}
      deletion={{
        needs: "iam:DeletePolicy",
        allowed: (policy) => typeOf(policy) !== s.aws,
        dialog: (policy, onDone, onCancel) => (
          <DeletePolicy arn={policy.Arn ?? ""} name={policy.PolicyName ?? ""} onDone={onDone} onCancel={onCancel} />
        ),
      }}
      columns={[
        { id: "type", header: s.type, cell: typeOf },
        { id: "used", header: s.usedAs, cell: (policy) => policy.AttachmentCount ?? 0 },
        { id: "edited", header: s.edited, minWidth: 120, cell: (policy) => ago(policy.UpdateDate) },
      ]}
    />
  );
}
