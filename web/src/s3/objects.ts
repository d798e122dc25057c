import { call, presign } from "../api/client";
import { ApiError } from "../api/errors";
import { all, type Pager } from "../api/walk";
import { t } from "../strings/en";

/** A line of a listing: an object, or a folder, whose key ends in a slash. */
export interface Entry {
  key: string;
  folder: boolean;
  size?: number;
  modified?: string;
  storage?: string;
}

export const listEntries =
  (Bucket: string, Prefix: string): Pager<Entry> =>
  async (next, size) => {
    const paging = { MaxKeys: size, ...(next ? { ContinuationToken: next } : {}) };
    const answer = await call("s3", "ListObjectsV2", { Bucket, Prefix, Delimiter: "/", ...paging });
    const folders = (answer.CommonPrefixes ?? []).map(({ Prefix: key = "" }) => ({ key, folder: true }));
    const objects = (answer.Contents ?? [])
      .filter((each) => each.Key !== Prefix)
      .map(({ Key: key = "", Size: size, LastModified: modified, StorageClass: storage }) => ({
        key,
        folder: false,
        size,
        modified,
        storage,
      }));
    return { items: [...folders, ...objects], next: answer.IsTruncated ? answer.NextContinuationToken : undefined };
  };

function keysUnder(Bucket: string, Prefix: string): Promise<string[]> {
  return all(async (next, size) => {
    const paging = { MaxKeys: size, ...(next ? { ContinuationToken: next } : {}) };
    const answer = await call("s3", "ListObjectsV2", { Bucket, Prefix, ...paging });
    const items = (answer.Contents ?? []).map((each) => each.Key ?? "");
    return { items, next: answer.IsTruncated ? answer.NextContinuationToken : undefined };
  });
}

const AT_ONCE = 1000;

/** Deletes these keys, and what lies under those that end in a slash ("" is all). Gives how many. */
export async function deleteUnder(Bucket: string, keys: readonly string[]): Promise<number> {
  const found = new Set<string>();
  for (const key of keys) {
    if (key === "" || key.endsWith("/")) (await keysUnder(Bucket, key)).forEach((each) => found.add(each));
    else found.add(key);
  }
  const every = [...found];
  for (let from = 0; from < every.length; from += AT_ONCE) {
    const Objects = every.slice(from, from + AT_ONCE).map((Key) => ({ Key }));
    const { Errors = [] } = await call("s3", "DeleteObjects", { Bucket, Delete: { Objects, Quiet: true } });
    const first = Errors[0];
    if (first !== undefined) {
      throw new ApiError(403, first.Code ?? "Error", t.s3.bucket.partly(Errors.length, first.Message ?? ""));
    }
  }
  return every.length;
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
