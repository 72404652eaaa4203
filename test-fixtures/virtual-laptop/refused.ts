// A stick that Secure Boot must refuse, and how a test sees that it did.
import { LaptopError } from './describe.ts';
import type { Laptop } from './laptop.ts';
import type { Stick } from './stick.ts';

const FIRST_LOADER = 'EFI/BOOT/BOOTX64.EFI';

/** Takes the signature off the first loader: the same program, unsigned. */
export function unsignLoader({ files }: Stick, path = FIRST_LOADER): void {
  files.write(path, unsigned(files.read(path)));
}

/** Changes one bit of a loader that is still signed: of the first, or of GRUB, which the first must refuse. */
export function tamperLoader({ files }: Stick, path = FIRST_LOADER): void {
  const program = files.read(path);
  const { text } = portableExecutable(program);
  program[text] = program[text]! ^ 1;
  files.write(path, program);
}

/** What OVMF says, on the screen and on the serial port alike, of a loader that Secure Boot does not let start. */
export const REFUSED_BY_FIRMWARE = /BdsDxe: failed to load Boot\w+ .*: Access Denied/;
/** What shim says of a GRUB that it does not trust. */
export const REFUSED_BY_SHIM = /Security Violation|Security Policy Violation|Verification failed/i;

/** Waits until the firmware has refused the stick. */
export async function waitRefused(laptop: Laptop, timeout = 60_000): Promise<void> {
  await laptop.serial.waitFor(REFUSED_BY_FIRMWARE, { timeout });
}

/** The certificate table is the fifth data directory; it points to bytes at the end of the file (PE/COFF, 5.7). */
export function unsigned(file: Buffer): Buffer {
  const { directories } = portableExecutable(file);
  const entry = directories + 4 * 8;
  const start = file.readUInt32LE(entry);
  if (start === 0) return file;
  const bare = Buffer.from(file.subarray(0, start));
  bare.fill(0, entry, entry + 8);
  return bare;
}

/** Offsets of the data directories and of the first section's bytes. */
function portableExecutable(file: Buffer): { directories: number; text: number } {
  const header = file.length > 64 ? file.readUInt32LE(0x3c) : 0;
  if (file.toString('latin1', header, header + 4) !== 'PE\0\0')
    throw new LaptopError('bad-file', 'not an EFI program');
  const optional = header + 24;
  const wide = file.readUInt16LE(optional) === 0x20b;
  const sections = optional + file.readUInt16LE(header + 20);
  return { directories: optional + (wide ? 112 : 96), text: file.readUInt32LE(sections + 20) };
}
