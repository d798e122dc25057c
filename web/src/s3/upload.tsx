import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FileDropzone from "@cloudscape-design/components/file-dropzone";
import FileInput from "@cloudscape-design/components/file-input";
import Modal from "@cloudscape-design/components/modal";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError } from "../api/errors";
import { each } from "../api/walk";
import { LocalFile } from "../common/as-code";
import { notify } from "../common/notices";
import { ShowAsCode } from "../common/show-code";
import { size } from "../common/times";
import { t } from "../strings/en";
import { upload } from "./objects";

const s = t.s3.upload;

interface Sent {
  fraction: number;
  error: string | null;
  done: boolean;
}

const WAITING: Sent = { fraction: 0, error: null, done: false };

interface UploadProps {
  bucket: string;
  prefix: string;
  initial: File[];
  onClose: () => void;
}

/** Files to an S3 prefix, three at a time, each with its progress. */
export function Upload({ bucket, prefix, initial, onClose }: UploadProps) {
  const queries = useQueryClient();
  const [files, setFiles] = useState<File[]>(initial);
  const [sent, setSent] = useState<Record<number, Sent>>({});
  const [busy, setBusy] = useState(false);
  const finished = files.length > 0 && files.every((_, index) => sent[index]?.done);

  const set = (index: number, part: Partial<Sent>) =>
    setSent((before) => ({ ...before, [index]: { ...WAITING, ...before[index], ...part } }));
  const start = async () => {
    setBusy(true);
    let good = 0;
    const waiting = [...files.entries()].filter(([index]) => !sent[index]?.done);
    const one = async ([index, file]: [number, File]) => {
      set(index, { error: null, fraction: 0 });
      try {
        await upload(bucket, prefix + file.name, file, (fraction) => set(index, { fraction }));
        set(index, { done: true, fraction: 1 });
        good += 1;
      } catch (error) {
        set(index, { error: asApiError(error).message });
      }
    };
    await each(waiting, one, 3);
    setBusy(false);
    void queries.invalidateQueries();
    if (good > 0) notify("success", s.finished(good));
  };
  const add = (more: File[]) => setFiles((before) => [...before, ...more]);
  return (
    <Modal
      visible
      size="large"
      header={s.title}
      closeAriaLabel={t.actions.close}
      onDismiss={({ detail }) => detail.reason !== "overlay" && onClose()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant={finished ? "primary" : "link"} onClick={onClose}>
              {finished ? s.close : t.actions.cancel}
            </Button>
            {!finished && (
              <Button variant="primary" disabled={files.length === 0} loading={busy} onClick={() => void start()}>
                {s.start}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box variant="p">{s.destination(`s3://${bucket}/${prefix}`)}</Box>
        {!finished && (
          <FileDropzone onChange={({ detail }) => add(detail.value)}>
            <SpaceBetween size="xs" alignItems="center">
              <span>{s.drop}</span>
              <FileInput multiple value={[]} onChange={({ detail }) => add(detail.value)}>
                {s.choose}
              </FileInput>
            </SpaceBetween>
          </FileDropzone>
        )}
        {files.length === 0 && <Box color="text-body-secondary">{s.nothing}</Box>}
        {files.map((file, index) => {
          const { fraction, error, done } = sent[index] ?? WAITING;
          return (
            <ProgressBar
              key={`${index} ${file.name}`}
              value={fraction * 100}
              label={file.name}
              description={size(file.size)}
              status={error !== null ? "error" : done ? "success" : "in-progress"}
              resultText={error ?? s.done}
            />
          );
        })}
        <ShowAsCode
          calls={files.map(({ name }) => ({
            service: "s3",
            operation: "PutObject",
            input: { Bucket: bucket, Key: prefix + name, Body: new LocalFile(name) },
          }))}
        />
      </SpaceBetween>
    </Modal>
  );
}
