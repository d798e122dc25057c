export const s3 = {} as const;
