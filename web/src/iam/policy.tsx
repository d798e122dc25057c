import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { call } from "../api/client";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { Page } from "../common/page";
import { Copyable } from "../common/secret";
import { moment } from "../common/times";
import { t } from "../strings/en";
import { DeletePolicy } from "./delete-entity";
import { PolicyEntities } from "./policy-entities";
import { PolicyPermissions } from "./policy-permissions";
import { PolicyVersions } from "./policy-versions";
import { typeOf } from "./policy-picker";
import { TRAIL } from "./trail";

const s = t.iam.policies;

export default function PolicyPage() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const arn = search.get("arn") ?? "";
  const [deleting, setDeleting] = useState(false);
  const query = useQuery({
    queryKey: ["policy", arn],
    queryFn: async () => (await call("iam", "GetPolicy", { PolicyArn: arn })).Policy,
  });
  const policy = query.data;
  const name = policy?.PolicyName ?? arn.slice(arn.lastIndexOf("/") + 1);
  const own = policy !== undefined && typeOf(policy) === s.customer;
  return (
    <Page
      title={name}
      trail={TRAIL.policies}
      description={policy?.Description}
      actions={
        own && (
          <Guarded needs="iam:DeletePolicy" onClick={() => setDeleting(true)}>
            {t.actions.delete}
          </Guarded>
        )
      }
    >
      <SpaceBetween size="l">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        {query.isLoading && <Spinner />}
        {policy !== undefined && (
          <>
            <Container header={<Header variant="h2">{s.details}</Header>}>
              <KeyValuePairs
                columns={4}
                items={[
                  { label: s.type, value: typeOf(policy) },
                  { label: t.iam.created, value: moment(policy.CreateDate) },
                  { label: s.usedAs, value: policy.AttachmentCount ?? 0 },
                  { label: t.iam.arn, value: <Copyable text={arn} name={t.iam.arn} /> },
                ]}
              />
            </Container>
            <Tabs
              tabs={[
                {
                  id: "permissions",
                  label: s.permissions,
                  content: (
                    <PolicyPermissions
                      key={policy.DefaultVersionId}
                      arn={arn}
                      name={name}
                      version={policy.DefaultVersionId ?? "v1"}
                      own={own}
                    />
                  ),
                },
                { id: "entities", label: s.entities, content: <PolicyEntities arn={arn} /> },
                { id: "versions", label: s.versions, content: <PolicyVersions arn={arn} own={own} /> },
              ]}
            />
          </>
        )}
      </SpaceBetween>
      {deleting && (
        <DeletePolicy
          arn={arn}
          name={name}
          onDone={() => void navigate("/iam/policies")}
          onCancel={() => setDeleting(false)}
        />
      )}
    </Page>
  );
}
