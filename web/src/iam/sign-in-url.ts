/** Where the IAM users of an account sign in; `account` is its id or alias. */
export function signInUrl(account: string): string {
  return `${location.origin}/?account=${encodeURIComponent(account)}`;
}
