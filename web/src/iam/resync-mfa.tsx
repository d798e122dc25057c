import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { deviceName } from "./devices";
import { TwoCodes, complete } from "./two-codes";

const s = t.iam.mfa;

export function ResyncDevice({ user, serial, onClose }: { user: string; serial: string; onClose: () => void }) {
  const action = useAction();
  const [codes, setCodes] = useState<[string, string]>(["", ""]);
  const [AuthenticationCode1, AuthenticationCode2] = codes;
  const input = { UserName: user, SerialNumber: serial, AuthenticationCode1, AuthenticationCode2 };
  const go = async () => {
    if (!(await action.run(() => call("iam", "ResyncMFADevice", input)))) return;
    notify("success", s.resynced(deviceName(serial)));
    onClose();
  };
  return (
    <Modal
      visible
      header={s.resync}
      closeAriaLabel={t.actions.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" disabled={!complete(codes)} loading={action.busy} onClick={() => void go()}>
              {s.resync}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Failure error={action.error} onDismiss={action.clear} />
        <Box variant="p">{s.resyncHelp}</Box>
        <TwoCodes codes={codes} onChange={setCodes} />
        <ShowAsCode calls={[{ service: "iam", operation: "ResyncMFADevice", input }]} />
      </SpaceBetween>
    </Modal>
  );
}
