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
import { plain, type LocalUpload } from "./dropped";
import { upload } from "./objects";

const s = t.s3.upload;

interface Sent {
  fraction: number;
  error: string | null;
  done: boolean;
}

/** Files of which each has a line; the rest are counted. */
const SHOWN = 50;
const WAITING: Sent = { fraction: 0, error: null, done: false };

interface UploadProps {
  bucket: string;
  prefix: string;
  initial: LocalUpload[];
  onClose: () => void;
}

/** Files to an S3 prefix, three at a time, each with its progress. */
export function Upload({ bucket, prefix, initial, onClose }: UploadProps) {
  const queries = useQueryClient();
  const [files, setFiles] = useState<LocalUpload[]>(initial);
  const [sent, setSent] = useState<Record<number, Sent>>({});
  const [busy, setBusy] = useState(false);
  const doneCount = files.filter((_, index) => sent[index]?.done).length;
  // Of many files those that need somebody's eye: refused or under way before those that wait, and the done ones last.
  const rank = (index: number) => {
    const { fraction, error, done } = sent[index] ?? WAITING;
    return error !== null ? 0 : done ? 3 : fraction > 0 ? 1 : 2;
  };
  const all = [...files.entries()];
  const shown = files.length <= SHOWN ? all : all.sort(([a], [b]) => rank(a) - rank(b)).slice(0, SHOWN);
  const finished = files.length > 0 && doneCount === files.length;

  const set = (index: number, part: Partial<Sent>) =>
    setSent((before) => ({ ...before, [index]: { ...WAITING, ...before[index], ...part } }));
  const start = async () => {
    setBusy(true);
    let good = 0;
    const waiting = [...files.entries()].filter(([index]) => !sent[index]?.done);
    const one = async ([index, { file, path }]: [number, LocalUpload]) => {
      set(index, { error: null, fraction: 0 });
      try {
        await upload(bucket, prefix + path, file, (fraction) => set(index, { fraction }));
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
  const add = (more: File[]) => setFiles((before) => [...before, ...plain(more)]);
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
        {files.length > 1 && (
          <ProgressBar
            value={(100 * doneCount) / files.length}
            label={s.all}
            description={s.allHelp(files.length, size(files.reduce((sum, { file }) => sum + file.size, 0)))}
            additionalInfo={s.allDone(doneCount, files.length)}
          />
        )}
        {shown.map(([index, { file, path }]) => {
          const { fraction, error, done } = sent[index] ?? WAITING;
          return (
            <ProgressBar
              key={`${index} ${path}`}
              value={fraction * 100}
              label={path}
              description={size(file.size)}
              status={error !== null ? "error" : done ? "success" : "in-progress"}
              resultText={error ?? s.done}
            />
          );
        })}
        {files.length > shown.length && <Box color="text-body-secondary">{s.more(files.length - shown.length)}</Box>}
        <ShowAsCode
          calls={files.slice(0, SHOWN).map(({ path }) => ({
            service: "s3",
            operation: "PutObject",
            input: { Bucket: bucket, Key: prefix + path, Body: new LocalFile(path) },
          }))}
        />
      </SpaceBetween>
    </Modal>
  );
}
