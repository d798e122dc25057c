import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import type { IamAccessKey } from "../api/types";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { KeyFacts } from "./new-key";

const s = t.iam.keys;

interface RotateKeyProps {
  user: string | undefined;
  old: string;
  onDone: () => void;
}

/** A second key, then the old one deactivated when the programs have switched. */
export function RotateKey({ user, old, onDone }: RotateKeyProps) {
  const action = useAction();
  const [created, setCreated] = useState<IamAccessKey | null>(null);
  const who = user === undefined ? {} : { UserName: user };
  const create = () => action.run(async () => setCreated((await call("iam", "CreateAccessKey", who)).AccessKey));
  const deactivate = async () => {
    const gone = await action.run(() =>
      call("iam", "UpdateAccessKey", { ...who, AccessKeyId: old, Status: "Inactive" }),
    );
    if (!gone) return;
    notify("success", s.deactivated(old));
    onDone();
  };
  return (
    <Modal
      visible
      header={s.rotateTitle}
      closeAriaLabel={t.actions.close}
      onDismiss={({ detail }) => detail.reason !== "overlay" && onDone()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDone}>
              {created === null ? t.actions.cancel : s.done}
            </Button>
            {created === null ? (
              <Button variant="primary" loading={action.busy} onClick={() => void create()}>
                {s.create}
              </Button>
            ) : (
              <Button variant="primary" loading={action.busy} onClick={() => void deactivate()}>
                {`${s.deactivate} ${old}`}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Failure error={action.error} />
        <Box variant="p">{s.rotateHelp}</Box>
        {created !== null && <KeyFacts accessKey={created} />}
        <ShowAsCode
          calls={[
            { service: "iam", operation: "CreateAccessKey", input: who },
            { service: "iam", operation: "UpdateAccessKey", input: { ...who, AccessKeyId: old, Status: "Inactive" } },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
