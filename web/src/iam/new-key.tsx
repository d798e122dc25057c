import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { IamAccessKey } from "../api/types";
import { useSession } from "../app/session";
import { saveCsv } from "../common/download";
import { Copyable, Secret } from "../common/secret";
import { t } from "../strings/en";

const s = t.iam.keys;

/** A new key with its secret, once. */
export function KeyFacts({ accessKey }: { accessKey: IamAccessKey }) {
  const { endpoint, region } = useSession();
  const profile = [
    `aws configure set aws_access_key_id ${accessKey.AccessKeyId}`,
    `aws configure set region ${region}`,
    `aws configure set endpoint_url ${endpoint}`,
  ].join("\n");
  return (
    <SpaceBetween size="m">
      <Alert type="info">{s.retrieveHelp}</Alert>
      <KeyValuePairs
        columns={1}
        items={[
          { label: s.id, value: <Copyable text={accessKey.AccessKeyId} name={s.id} /> },
          { label: s.secret, value: <Secret text={accessKey.SecretAccessKey} name={s.secret} /> },
        ]}
      />
      <div>
        <Box variant="awsui-key-label">{s.configure}</Box>
        <pre className="code" tabIndex={0} aria-label={s.configure}>
          {profile}
        </pre>
      </div>
      <Button
        iconName="download"
        onClick={() =>
          saveCsv(`${accessKey.UserName || "root"}_accessKeys.csv`, [
            [s.id, s.secret],
            [accessKey.AccessKeyId, accessKey.SecretAccessKey],
          ])
        }
      >
        {s.csv}
      </Button>
    </SpaceBetween>
  );
}

export function NewKey({ accessKey, onDone }: { accessKey: IamAccessKey; onDone: () => void }) {
  return (
    <Modal
      visible
      header={s.retrieve}
      closeAriaLabel={t.actions.close}
      onDismiss={({ detail }) => detail.reason !== "overlay" && onDone()}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onDone}>
            {s.done}
          </Button>
        </Box>
      }
    >
      <KeyFacts accessKey={accessKey} />
    </Modal>
  );
}
