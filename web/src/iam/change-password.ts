/** What a user needs who must set a new password at the next sign-in: without it that page is the end of the way. */
export const CHANGE_PASSWORD = {
  name: "IAMUserChangePassword",
  arn: "arn:aws:iam::aws:policy/IAMUserChangePassword",
} as const;
