import { call, presign } from "../api/client";
import { ApiError } from "../api/errors";
import { eachChunk, inPages, type Pager } from "../api/walk";
import { t } from "../strings/en";

/** A line of a listing: an object, or a folder, whose key ends in a slash. */
export interface Entry {
  key: string;
  folder: boolean;
  size?: number;
  modified?: string;
  storage?: string;
}

export const listEntries = (Bucket: string, folder: string): Pager<Entry> => {
  const list = async (Prefix: string, paging: { MaxKeys: number; ContinuationToken?: string }) => {
    const answer = await call("s3", "ListObjectsV2", { Bucket, Prefix, Delimiter: "/", ...paging });
    const folders = (answer.CommonPrefixes ?? []).map(({ Prefix: key = "" }) => ({ key, folder: true }));
    const objects = (answer.Contents ?? [])
      .filter((each) => each.Key !== folder)
      .map(({ Key: key = "", Size: size, LastModified: modified, StorageClass: storage }) => ({
        key,
        folder: false,
        size,
        modified,
        storage,
      }));
    return { items: [...folders, ...objects], next: answer.IsTruncated ? answer.NextContinuationToken : undefined };
  };
  const pager: Pager<Entry> = (next, MaxKeys) =>
    list(folder, { MaxKeys, ...(next ? { ContinuationToken: next } : {}) });
  pager.starting = async (text, MaxKeys) => (await list(folder + text, { MaxKeys })).items;
  return pager;
};

const keysUnder =
  (Bucket: string, Prefix: string): Pager<string> =>
  async (next, size) => {
    const paging = { MaxKeys: size, ...(next ? { ContinuationToken: next } : {}) };
    const answer = await call("s3", "ListObjectsV2", { Bucket, Prefix, ...paging });
    const items = (answer.Contents ?? []).map((each) => each.Key ?? "");
    return { items, next: answer.IsTruncated ? answer.NextContinuationToken : undefined };
  };

/** Deletes these keys, and what lies under those that end in a slash ("" is all). Gives how many. */
export async function deleteUnder(
  Bucket: string,
  keys: readonly string[],
  tell: (done: number) => void,
): Promise<number> {
  let done = 0;
  const drop = async (some: readonly string[]) => {
    if (some.length === 0) return;
    const Objects = some.map((Key) => ({ Key }));
    const { Errors = [] } = await call("s3", "DeleteObjects", { Bucket, Delete: { Objects, Quiet: true } });
    const first = Errors[0];
    if (first !== undefined) {
      throw new ApiError(403, first.Code ?? "Error", t.s3.bucket.partly(Errors.length, first.Message ?? ""));
    }
    tell((done += some.length));
  };
  const isFolder = (key: string) => key === "" || key.endsWith("/");
  await eachChunk(
    keys.filter((key) => !isFolder(key)),
    drop,
  );
  for (const folder of keys.filter(isFolder)) await inPages(keysUnder(Bucket, folder), drop);
  return done;
}

/** Sends bytes by a presigned URL; `onProgress` hears a fraction. */
export async function upload(
  bucket: string,
  key: string,
  body: Blob,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const signed = await presign("PutObject", { bucket, key, ContentType: body.type || "application/octet-stream" });
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(signed.method, signed.url);
    for (const [name, value] of Object.entries(signed.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => (request.status < 300 ? resolve() : reject(refusal(request.status, request.responseText)));
    request.onerror = () => reject(new ApiError(0, "Unreachable", t.s3.upload.broken));
    request.send(body);
  });
}

function refusal(status: number, text: string): ApiError {
  const document = new DOMParser().parseFromString(text, "text/xml");
  const code = document.querySelector("Code")?.textContent ?? String(status);
  return new ApiError(status, code, document.querySelector("Message")?.textContent ?? t.s3.upload.refused(status));
}

export async function download(bucket: string, key: string): Promise<void> {
  const signed = await presign("GetObject", { bucket, key });
  const link = document.createElement("a");
  link.href = signed.url;
  link.download = key.slice(key.lastIndexOf("/") + 1);
  link.click();
}
