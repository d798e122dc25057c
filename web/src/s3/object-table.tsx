import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction } from "../common/action";
import { ConfirmDelete } from "../common/confirm-delete";
import { Failure } from "../common/failure";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { PagedTable } from "../common/paged-table";
import { RouterLink } from "../common/router-link";
import { moment, size } from "../common/times";
import { t } from "../strings/en";
import { bucketPath } from "./bucket-path";
import { CreateFolder } from "./create-folder";
import { DropArea } from "./drop-area";
import type { LocalUpload } from "./dropped";
import { deleteUnder, download, listEntries, type Entry } from "./objects";
import { Upload } from "./upload";

const s = t.s3.bucket;

/** What lies in a bucket under a prefix; files may be dropped on it. */
export function Objects({ bucket, prefix }: { bucket: string; prefix: string }) {
  const action = useAction();
  const [selected, setSelected] = useState<Entry[]>([]);
  const [dialog, setDialog] = useState<"upload" | "folder" | "delete" | null>(null);
  const [dropped, setDropped] = useState<LocalUpload[]>([]);
  const objects = selected.filter((entry) => !entry.folder);
  const short = (entry: Entry) => entry.key.slice(prefix.length);
  const drop = (files: LocalUpload[]) => {
    setDropped(files);
    setDialog("upload");
  };
  const close = () => {
    setDialog(null);
    setDropped([]);
  };
  const uploadButton = (
    <Guarded needs="s3:PutObject" variant="primary" iconName="upload" onClick={() => setDialog("upload")}>
      {s.upload}
    </Guarded>
  );
  return (
    <>
      <DropArea onFiles={drop}>
        <SpaceBetween size="s">
          <Failure error={action.error} onDismiss={action.clear} />
          <PagedTable
            list={["objects", bucket, prefix]}
            pager={listEntries(bucket, prefix)}
            id={(entry) => entry.key}
            text={short}
            title={s.objects}
            searchLabel={s.search}
            selection="multi"
            selected={selected}
            onSelect={setSelected}
            empty={{ title: s.none, help: s.noneHelp, action: uploadButton }}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Guarded
                  needs="s3:GetObject"
                  disabled={objects.length !== 1 || selected.length !== 1}
                  onClick={() => void action.run(() => download(bucket, objects[0]?.key ?? ""))}
                >
                  {s.download}
                </Guarded>
                <Guarded needs="s3:DeleteObject" disabled={selected.length === 0} onClick={() => setDialog("delete")}>
                  {s.delete}
                </Guarded>
                <Guarded needs="s3:PutObject" onClick={() => setDialog("folder")}>
                  {s.createFolder}
                </Guarded>
                {uploadButton}
              </SpaceBetween>
            }
            columns={[
              {
                id: "name",
                header: s.name,
                minWidth: 180,
                isRowHeader: true,
                cell: (entry) =>
                  entry.folder ? (
                    <>
                      <Icon name="folder" />{" "}
                      <RouterLink to={`${bucketPath(bucket)}?prefix=${encodeURIComponent(entry.key)}`}>
                        {short(entry)}
                      </RouterLink>
                    </>
                  ) : (
                    <>
                      <Icon name="file" /> {short(entry)}
                    </>
                  ),
              },
              { id: "type", header: s.type, cell: (entry) => (entry.folder ? s.folder : extension(entry.key)) },
              { id: "modified", header: s.modified, minWidth: 130, cell: (entry) => moment(entry.modified) },
              { id: "size", header: s.size, cell: (entry) => size(entry.size) },
              { id: "class", header: s.class, cell: (entry) => entry.storage ?? t.time.none },
            ]}
          />
        </SpaceBetween>
      </DropArea>
      {dialog === "upload" && <Upload bucket={bucket} prefix={prefix} initial={dropped} onClose={close} />}
      {dialog === "folder" && <CreateFolder bucket={bucket} prefix={prefix} onClose={close} />}
      {dialog === "delete" && (
        <ConfirmDelete
          title={s.deleteTitle}
          word={t.s3.buckets.permanently}
          label={s.deleteTitle}
          run={async (tell) => {
            const keys = selected.map((entry) => entry.key);
            notify("success", s.deleted(await deleteUnder(bucket, keys, tell)));
          }}
          onDone={() => {
            setSelected([]);
            close();
          }}
          onCancel={close}
        >
          {s.deleteHelp(selected.length)}
        </ConfirmDelete>
      )}
    </>
  );
}

function extension(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1) : t.time.none;
}
