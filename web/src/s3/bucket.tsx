import Tabs from "@cloudscape-design/components/tabs";
import { useParams, useSearchParams } from "react-router";
import { Page } from "../common/page";
import { t } from "../strings/en";
import { BucketPermissions } from "./bucket-permissions";
import { bucketPath } from "./bucket-path";
import { Objects } from "./object-table";

const s = t.s3.bucket;

/** `a/b/` → the bucket and each folder on the way. */
function trail(bucket: string, prefix: string) {
  const folders = prefix.split("/").slice(0, -1);
  const above = [
    { text: bucket, href: bucketPath(bucket) },
    ...folders.map((text, index) => {
      const href = `${bucketPath(bucket)}?prefix=${encodeURIComponent(`${folders.slice(0, index + 1).join("/")}/`)}`;
      return { text, href };
    }),
  ];
  return [{ text: t.s3.buckets.title, href: "/s3/buckets" }, ...above.slice(0, -1)];
}

export default function BucketPage() {
  const { bucket = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const prefix = search.get("prefix") ?? "";
  const title = prefix === "" ? bucket : (prefix.split("/").at(-2) ?? prefix);
  return (
    <Page title={title} trail={trail(bucket, prefix)}>
      <Tabs
        activeTabId={search.get("tab") ?? "objects"}
        onChange={({ detail }) => setSearch({ prefix, tab: detail.activeTabId }, { replace: true })}
        tabs={[
          { id: "objects", label: s.objects, content: <Objects key={prefix} bucket={bucket} prefix={prefix} /> },
          { id: "permissions", label: s.permissions, content: <BucketPermissions bucket={bucket} /> },
        ]}
      />
    </Page>
  );
}
