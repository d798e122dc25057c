import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { isNotFound } from "../api/errors";
import { useAction } from "../common/action";
import { ConfirmDelete } from "../common/confirm-delete";
import { pretty } from "../common/document";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { PolicyEditor } from "../common/policy-editor";
import { PolicyField } from "../iam/policy-field";
import { t } from "../strings/en";
import { PublicAccess } from "./public-access";

const s = t.s3.permissions;

export function BucketPermissions({ bucket }: { bucket: string }) {
  return (
    <SpaceBetween size="l">
      <PublicAccess bucket={bucket} />
      <BucketPolicy bucket={bucket} />
    </SpaceBetween>
  );
}

const fresh = (bucket: string) => `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {},
      "Action": [],
      "Resource": ["arn:aws:s3:::${bucket}", "arn:aws:s3:::${bucket}/*"]
    }
  ]
}`;

function BucketPolicy({ bucket }: { bucket: string }) {
  const action = useAction();
  const [edited, setEdited] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const query = useQuery({ queryKey: ["bucket-policy", bucket], queryFn: () => readPolicy(bucket) });
  const text = query.data?.text ?? "";
  const save = async () => {
    if (!(await action.run(() => call("s3", "PutBucketPolicy", { Bucket: bucket, Policy: edited ?? "" })))) return;
    notify("success", s.policySaved);
    setEdited(null);
  };
  const viewing = (
    <SpaceBetween direction="horizontal" size="xs">
      <Guarded needs="s3:DeleteBucketPolicy" disabled={text === ""} onClick={() => setDeleting(true)}>
        {s.deletePolicy}
      </Guarded>
      <Guarded needs="s3:PutBucketPolicy" onClick={() => setEdited(text === "" ? fresh(bucket) : text)}>
        {`${s.edit} ${s.policy.toLowerCase()}`}
      </Guarded>
    </SpaceBetween>
  );
  const editing = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="link" onClick={() => setEdited(null)}>
        {t.actions.cancel}
      </Button>
      <Button variant="primary" loading={action.busy} onClick={() => void save()}>
        {s.save}
      </Button>
    </SpaceBetween>
  );
  return (
    <Container
      header={
        <Header variant="h2" description={s.policyHelp} actions={edited === null ? viewing : editing}>
          {s.policy}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        <Failure error={action.error} onDismiss={action.clear} />
        {query.data?.isPublic !== undefined && (
          <StatusIndicator type={query.data.isPublic ? "warning" : "success"}>
            {query.data.isPublic ? s.public : s.notPublic}
          </StatusIndicator>
        )}
        {edited !== null ? (
          <>
            <PolicyField value={edited} onChange={setEdited} error={action.error} kind="resource" label={s.policy} />
            <ShowAsCode
              calls={[{ service: "s3", operation: "PutBucketPolicy", input: { Bucket: bucket, Policy: edited } }]}
            />
          </>
        ) : text === "" ? (
          query.data !== undefined && <Box color="text-body-secondary">{s.noPolicy}</Box>
        ) : (
          <PolicyEditor value={text} label={s.policy} />
        )}
      </SpaceBetween>
      {deleting && (
        <ConfirmDelete
          title={s.deletePolicy}
          word={bucket}
          calls={[{ service: "s3", operation: "DeleteBucketPolicy", input: { Bucket: bucket } }]}
          run={() => call("s3", "DeleteBucketPolicy", { Bucket: bucket })}
          onDone={() => {
            notify("success", s.policyDeleted);
            setDeleting(false);
          }}
          onCancel={() => setDeleting(false)}
        >
          {s.deleteHelp}
        </ConfirmDelete>
      )}
    </Container>
  );
}

async function readPolicy(Bucket: string): Promise<{ text: string; isPublic?: boolean }> {
  try {
    const text = pretty((await call("s3", "GetBucketPolicy", { Bucket })).Policy ?? "");
    const status = await call("s3", "GetBucketPolicyStatus", { Bucket }).catch(() => undefined);
    return { text, isPublic: status?.PolicyStatus?.IsPublic };
  } catch (error) {
    if (isNotFound(error)) return { text: "" };
    throw error;
  }
}
