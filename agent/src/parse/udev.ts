import { meaningful } from './placeholder.ts';

/** `ID_SERIAL_SHORT` of a udev database file (`/run/udev/data/b8:0`), lines `E:KEY=VALUE`. */
export function udevSerial(text: string): string | null {
  return meaningful(/^E:ID_SERIAL_SHORT=(.*)$/m.exec(text)?.[1]);
}
