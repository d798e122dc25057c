/** The text of a policy as an answer carries it: IAM's answers percent-encode documents. */
export function documentText(written: string | undefined): string {
  if (!written) return "";
  const text = written.trimStart().startsWith("%7B") ? decodeURIComponent(written.replaceAll("+", "%20")) : written;
  return pretty(text);
}

export function pretty(text: string): string {
  if (text.includes("\n")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
