import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { call } from "../api/client";
import type { IamVirtualMFADevice } from "../api/types";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { useFirstField } from "../common/first-field";
import { notify } from "../common/notices";
import { Secret } from "../common/secret";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { TwoCodes, complete } from "./two-codes";

const s = t.iam.mfa;

interface AssignDeviceProps {
  user: string;
  /** The device's name, to begin with. */
  suggested: string;
  onClose: () => void;
}

/** First a device with its seed, then two codes that prove that the app has it. */
export function AssignDevice({ user, suggested, onClose }: AssignDeviceProps) {
  const action = useAction();
  const field = useFirstField();
  const [name, setName] = useState(suggested);
  const [device, setDevice] = useState<IamVirtualMFADevice | null>(null);
  const [codes, setCodes] = useState<[string, string]>(["", ""]);

  const create = () =>
    action.run(async () => {
      setDevice((await call("iam", "CreateVirtualMFADevice", { VirtualMFADeviceName: name })).VirtualMFADevice);
    });
  const enabling = (SerialNumber: string) => {
    const [AuthenticationCode1, AuthenticationCode2] = codes;
    return { UserName: user, SerialNumber, AuthenticationCode1, AuthenticationCode2 };
  };
  const enable = async (serial: string) => {
    if (!(await action.run(() => call("iam", "EnableMFADevice", enabling(serial))))) return;
    notify("success", s.added(name));
    onClose();
  };
  const cancel = async () => {
    // A device that nobody has is of no use to anyone.
    if (device !== null)
      await action.run(() => call("iam", "DeleteVirtualMFADevice", { SerialNumber: device.SerialNumber }));
    onClose();
  };
  const go = () => void (device === null ? create() : enable(device.SerialNumber));
  const ready = device === null ? name !== "" : complete(codes);
  return (
    <Modal
      visible
      header={device === null ? s.step1 : s.step2}
      closeAriaLabel={t.actions.close}
      onDismiss={({ detail }) => detail.reason !== "overlay" && void cancel()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => void cancel()}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" disabled={!ready} loading={action.busy} onClick={go}>
              {device === null ? t.actions.next : s.add}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) go();
        }}
      >
        <SpaceBetween size="m">
          <Failure error={action.error} onDismiss={action.clear} />
          {device === null ? (
            <>
              <FormField label={s.deviceName} constraintText={s.deviceNameHelp}>
                <Input ref={field} value={name} onChange={({ detail }) => setName(detail.value)} />
              </FormField>
              <FormField label={s.device}>
                <RadioGroup
                  value="app"
                  items={[
                    { value: "app", label: s.app, description: s.appHelp },
                    { value: "passkey", label: s.passkey, description: s.later, disabled: true },
                    { value: "hardware", label: s.hardware, description: s.later, disabled: true },
                    { value: "sms", label: s.sms, description: s.later, disabled: true },
                  ]}
                />
              </FormField>
            </>
          ) : (
            <>
              <Box variant="p">{s.setup}</Box>
              <img className="qr" src={`data:image/png;base64,${device.QRCodePNG ?? ""}`} alt={s.qr} />
              <div>
                <Box variant="awsui-key-label">{s.secret}</Box>
                <Secret text={atob(device.Base32StringSeed ?? "")} name={s.secret} />
              </div>
              <TwoCodes codes={codes} onChange={setCodes} />
            </>
          )}
          <ShowAsCode
            calls={[
              { service: "iam", operation: "CreateVirtualMFADevice", input: { VirtualMFADeviceName: name } },
              ...(device === null
                ? []
                : [{ service: "iam", operation: "EnableMFADevice", input: enabling(device.SerialNumber) }]),
            ]}
          />
          <button type="submit" hidden />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
