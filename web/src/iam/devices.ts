export function deviceName(serial: string): string {
  return serial.slice(serial.lastIndexOf("/") + 1);
}
