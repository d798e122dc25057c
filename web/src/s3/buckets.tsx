import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import type { S3Bucket } from "../api/types";
import type { Pager } from "../api/walk";
import { ConfirmDelete } from "../common/confirm-delete";
import { Guarded } from "../common/guard";
import { notify } from "../common/notices";
import { PagedTable } from "../common/paged-table";
import { Page } from "../common/page";
import { RouterLink } from "../common/router-link";
import { moment } from "../common/times";
import { t } from "../strings/en";
import { bucketPath } from "./bucket-path";
import { deleteUnder } from "./objects";

const s = t.s3.buckets;

const listBuckets: Pager<S3Bucket> = async (next, size) => {
  const answer = await call("s3", "ListBuckets", { MaxBuckets: size, ...(next ? { ContinuationToken: next } : {}) });
  return { items: answer.Buckets ?? [], next: answer.ContinuationToken || undefined };
};
listBuckets.starting = async (Prefix, MaxBuckets) =>
  (await call("s3", "ListBuckets", { Prefix, MaxBuckets })).Buckets ?? [];

export default function Buckets() {
  const navigate = useNavigate();
  const [selected, setSelected] = useState<S3Bucket[]>([]);
  const [dialog, setDialog] = useState<"delete" | "empty" | null>(null);
  const name = selected[0]?.Name ?? "";
  const create = (
    <Guarded needs="s3:CreateBucket" variant="primary" onClick={() => void navigate("/s3/buckets/create")}>
      {s.create}
    </Guarded>
  );
  const close = () => setDialog(null);
  return (
    <Page title={s.title} trail={[]} description={s.description}>
      <PagedTable
        list={["buckets"]}
        pager={listBuckets}
        id={(bucket) => bucket.Name ?? ""}
        text={(bucket) => bucket.Name ?? ""}
        title={s.title}
        searchLabel={s.search}
        selection="single"
        selected={selected}
        onSelect={setSelected}
        empty={{ title: s.none, help: s.noneHelp, action: create }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Guarded needs="s3:DeleteObject" disabled={name === ""} onClick={() => setDialog("empty")}>
              {s.empty}
            </Guarded>
            <Guarded needs="s3:DeleteBucket" disabled={name === ""} onClick={() => setDialog("delete")}>
              {s.delete}
            </Guarded>
            {create}
          </SpaceBetween>
        }
        columns={[
          {
            id: "name",
            header: s.name,
            isRowHeader: true,
            cell: (bucket) => <RouterLink to={bucketPath(bucket.Name ?? "")}>{bucket.Name ?? ""}</RouterLink>,
          },
          { id: "region", header: s.region, cell: (bucket) => bucket.BucketRegion ?? t.time.none },
          { id: "created", header: s.created, minWidth: 130, cell: (bucket) => moment(bucket.CreationDate) },
        ]}
      />
      {dialog === "delete" && (
        <ConfirmDelete
          title={s.deleteTitle(name)}
          word={name}
          calls={[{ service: "s3", operation: "DeleteBucket", input: { Bucket: name } }]}
          run={() => call("s3", "DeleteBucket", { Bucket: name })}
          onDone={() => {
            notify("success", s.deleted(name));
            setSelected([]);
            close();
          }}
          onCancel={close}
        >
          {s.deleteHelp}
        </ConfirmDelete>
      )}
      {dialog === "empty" && (
        <ConfirmDelete
          title={s.emptyTitle(name)}
          word={s.permanently}
          label={s.empty}
          run={(tell) => deleteUnder(name, [""], tell)}
          onDone={() => {
            notify("success", s.emptied(name));
            close();
          }}
          onCancel={close}
        >
          {s.emptyHelp}
        </ConfirmDelete>
      )}
    </Page>
  );
}
