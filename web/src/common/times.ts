import { t } from "../strings/en";

const DAY = 86_400_000;

export function daysSince(iso: string): number {
  return Math.floor((Date.now() - Date.parse(iso)) / DAY);
}

export function ago(iso: string | undefined | null): string {
  if (!iso) return t.time.never;
  const days = daysSince(iso);
  return days < 1 ? t.time.today : t.time.days(days);
}

const FORMAT = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

export function moment(iso: string | undefined | null): string {
  return iso ? FORMAT.format(new Date(iso)) : t.time.none;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

export function size(bytes: number | undefined): string {
  if (bytes === undefined) return t.time.none;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
