export const iam = {} as const;
