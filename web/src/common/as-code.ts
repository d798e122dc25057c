/** Calls as somebody would type them: for the AWS CLI and for boto3. */
export interface Spoken {
  service: string;
  operation: string;
  input: Record<string, unknown>;
}

/** A file of whoever runs the call. */
export class LocalFile {
  constructor(readonly name: string) {}
}

/** How a user changes the password that is theirs. */
export const OWN_PASSWORD: readonly Spoken[] = [
  { service: "iam", operation: "ChangePassword", input: { OldPassword: "", NewPassword: "" } },
];

const SECRETS = new Set(["Password", "NewPassword", "OldPassword"]);
const CLI_SERVICES: Record<string, string> = { s3: "s3api" };

/** botocore's `xform_name`. */
function split(name: string, separator: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, `$1${separator}$2`)
    .replace(/([a-z])([0-9]+)/g, `$1${separator}$2`)
    .replace(/([a-z0-9])([A-Z])/g, `$1${separator}$2`)
    .replace(new RegExp(`${separator}+`, "g"), separator)
    .toLowerCase()
    .replace(`list${separator}objects${separator}v${separator}2`, `list${separator}objects${separator}v2`);
}

function entries(input: Record<string, unknown>): [string, unknown][] {
  return Object.entries(input)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => [name, SECRETS.has(name) ? `<${split(name, "-")}>` : value]);
}

function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function asCli({ service, operation, input }: Spoken): string {
  const words = entries(input).map(([name, value]) => {
    const flag = split(name, "-");
    if (typeof value === "boolean") return value ? `--${flag}` : `--no-${flag}`;
    if (value instanceof LocalFile) return `--${flag} ${shellQuoted(value.name)}`;
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return `--${flag} ${shellQuoted(text)}`;
  });
  return [`aws ${CLI_SERVICES[service] ?? service} ${split(operation, "-")}`, ...words].join(" \\\n    ");
}

function python(value: unknown, indent: string): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (value instanceof LocalFile) return `open(${JSON.stringify(value.name)}, "rb")`;
  if (Array.isArray(value)) return `[${value.map((each) => python(each, indent)).join(", ")}]`;
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(([key, each]) => `${python(key, indent)}: ${python(each, indent)}`);
    return `{${pairs.join(", ")}}`;
  }
  if (typeof value === "string" && value.includes("\n") && !value.includes('"""')) {
    return `r"""${value}"""`;
  }
  return JSON.stringify(value);
}

export function asBoto3(calls: readonly Spoken[]): string {
  const services = [...new Set(calls.map((call) => call.service))];
  const clients = services.map((service) => `${service} = boto3.client("${service}")`);
  const lines = calls.map(({ service, operation, input }) => {
    const words = entries(input).map(([name, value]) => `    ${name}=${python(value, "    ")},`);
    return `${service}.${split(operation, "_")}(${words.length > 0 ? `\n${words.join("\n")}\n` : ""})`;
  });
  return ["import boto3", "", ...clients, ...lines].join("\n");
}
