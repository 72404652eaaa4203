import { meaningful } from './placeholder.ts';

/** `ID_SERIAL_SHORT` of a udev database file (`/run/udev/data/b8:0`), lines `E:KEY=VALUE`. */
export function udevSerial(text: string): string | null {
  return meaningful(/^E:ID_SERIAL_SHORT=(.*)$/m.exec(text)?.[1]);
}

/** The label of the file system that udev found on a partition, from the same file; `\\x20` and the like are undone. */
export function udevLabel(text: string): string | null {
  const label = /^E:ID_FS_LABEL_ENC=(.*)$/m.exec(text)?.[1] ?? /^E:ID_FS_LABEL=(.*)$/m.exec(text)?.[1];
  const whole = label?.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return whole ? whole.trim() : null;
}

/** The signature that udev's blkid found on the node (`ID_FS_TYPE`); null where it found none. */
export function udevContentType(text: string): string | null {
  return /^E:ID_FS_TYPE=(.*)$/m.exec(text)?.[1]?.trim() || null;
}

/** What `blkid -p -o udev` printed: udev's own names, without its `E:`. */
export function blkidAsUdev(text: string): string {
  return text.replaceAll(/^(?=ID_)/gm, 'E:');
}
