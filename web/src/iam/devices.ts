import { call } from "../api/client";

/** A virtual device is of no use without its user: it is deleted with the tie. */
export async function removeDevice(UserName: string, SerialNumber: string): Promise<void> {
  await call("iam", "DeactivateMFADevice", { UserName, SerialNumber });
  if (SerialNumber.startsWith("arn:")) await call("iam", "DeleteVirtualMFADevice", { SerialNumber });
}

export function deviceName(serial: string): string {
  return serial.slice(serial.lastIndexOf("/") + 1);
}
