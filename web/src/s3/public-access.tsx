import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client";
import { isNotFound } from "../api/errors";
import type { S3PublicAccessBlockConfiguration as Settings } from "../api/types";
import { ConfirmDelete } from "../common/confirm-delete";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { ShowAsCode } from "../common/show-code";
import { notify } from "../common/notices";
import { t } from "../strings/en";

const s = t.s3.permissions;
const NAMES = Object.keys(s.names) as (keyof typeof s.names)[];

async function read(Bucket: string): Promise<Settings> {
  try {
    return (await call("s3", "GetPublicAccessBlock", { Bucket })).PublicAccessBlockConfiguration ?? {};
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}

/** S3 Block Public Access of one bucket; switching any of it off asks first. */
export function PublicAccess({ bucket }: { bucket: string }) {
  const action = useAction();
  const [edited, setEdited] = useState<Settings | null>(null);
  const [asking, setAsking] = useState(false);
  const query = useQuery({ queryKey: ["public-access", bucket], queryFn: () => read(bucket) });
  const settings = edited ?? query.data ?? {};
  const opens = NAMES.some((name) => query.data?.[name] && !settings[name]);
  const put = () => call("s3", "PutPublicAccessBlock", { Bucket: bucket, PublicAccessBlockConfiguration: settings });
  const done = () => {
    notify("success", s.saved);
    setEdited(null);
    setAsking(false);
  };
  const save = async () => {
    if (opens) setAsking(true);
    else if (await action.run(put)) done();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={s.blockHelp}
          actions={
            <Guarded
              needs="s3:PutBucketPublicAccessBlock"
              disabled={edited === null}
              loading={action.busy}
              onClick={() => void save()}
            >
              {s.save}
            </Guarded>
          }
        >
          {s.block}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
        <Failure error={action.error} onDismiss={action.clear} />
        {NAMES.map((name) => (
          <Checkbox
            key={name}
            disabled={query.data === undefined}
            checked={settings[name] ?? false}
            onChange={({ detail }) => setEdited({ ...settings, [name]: detail.checked })}
          >
            {s.names[name]}
          </Checkbox>
        ))}
        <ShowAsCode
          calls={[
            {
              service: "s3",
              operation: "PutPublicAccessBlock",
              input: { Bucket: bucket, PublicAccessBlockConfiguration: settings },
            },
          ]}
        />
      </SpaceBetween>
      {asking && (
        <ConfirmDelete
          title={s.turnOffTitle}
          word={s.turnOff}
          label={s.save}
          run={put}
          onDone={done}
          onCancel={() => setAsking(false)}
        >
          {s.turnOffHelp}
        </ConfirmDelete>
      )}
    </Container>
  );
}
