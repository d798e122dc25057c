export const bucketPath = (name: string): string => `/s3/buckets/${encodeURIComponent(name)}`;
