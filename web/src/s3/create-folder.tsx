import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction } from "../common/action";
import { Failure } from "../common/failure";
import { useFirstField } from "../common/first-field";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { t } from "../strings/en";
import { upload } from "./objects";

const s = t.s3.bucket;

export function CreateFolder({ bucket, prefix, onClose }: { bucket: string; prefix: string; onClose: () => void }) {
  const action = useAction();
  const field = useFirstField();
  const [name, setName] = useState("");
  const key = `${prefix}${name.replace(/\/+$/, "")}/`;
  const create = async () => {
    const empty = new Blob([], { type: "application/x-directory" });
    if (!(await action.run(() => upload(bucket, key, empty, () => undefined)))) return;
    notify("success", s.folderCreated(name));
    onClose();
  };
  return (
    <Modal
      visible
      header={s.createFolder}
      closeAriaLabel={t.actions.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" disabled={name === ""} loading={action.busy} onClick={() => void create()}>
              {s.createFolder}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "") void create();
        }}
      >
        <SpaceBetween size="m">
          <Failure error={action.error} />
          <FormField label={s.folderName} constraintText={s.folderHelp}>
            <Input ref={field} value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
          <ShowAsCode
            calls={name === "" ? [] : [{ service: "s3", operation: "PutObject", input: { Bucket: bucket, Key: key } }]}
          />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
