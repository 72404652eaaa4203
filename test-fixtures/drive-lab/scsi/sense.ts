// Status and sense of SCSI (SPC-5 4.4): what went wrong, in descriptor and in fixed format.
import type { AtaResult } from '../ata/registers.ts';

export type Sense = {
  key: number;
  asc: number;
  ascq: number;
  /** ATA registers (SAT-4 12.2.2.6), in an ATA Status Return descriptor. */
  ata?: AtaResult & { extended: boolean };
  /** The address of a sector that could not be read or written. */
  information?: number;
  /** From 0 to 65,535: how far a sanitize or format is. */
  progress?: number;
};

export const KEY = {
  none: 0,
  recovered: 1,
  notReady: 2,
  medium: 3,
  hardware: 4,
  illegal: 5,
  attention: 6,
  protect: 7,
  aborted: 11,
} as const;

const sense =
  (key: number, asc: number, ascq: number) =>
  (more: Partial<Sense> = {}): Sense => ({ key, asc, ascq, ...more });

export const SENSE = {
  none: sense(KEY.none, 0, 0),
  invalidOpcode: sense(KEY.illegal, 0x20, 0),
  invalidField: sense(KEY.illegal, 0x24, 0),
  outOfRange: sense(KEY.illegal, 0x21, 0),
  invalidParameter: sense(KEY.illegal, 0x26, 0),
  noSuchUnit: sense(KEY.illegal, 0x25, 0),
  unreadable: sense(KEY.medium, 0x11, 0),
  unwritable: sense(KEY.medium, 0x0c, 0),
  accessDenied: sense(KEY.protect, 0x20, 0x02),
  powerOn: sense(KEY.attention, 0x29, 0),
  capacityChanged: sense(KEY.attention, 0x2a, 0x09),
  sanitizeInProgress: sense(KEY.notReady, 0x04, 0x1b),
  formatInProgress: sense(KEY.notReady, 0x04, 0x04),
  sanitizeFailed: sense(KEY.medium, 0x31, 0x03),
  formatFailed: sense(KEY.medium, 0x31, 0x01),
  ataInformation: sense(KEY.recovered, 0x00, 0x1d),
  ataAborted: sense(KEY.aborted, 0x00, 0x00),
} as const;

/** Response code 72h, with the descriptors that there are. */
export function descriptorSense({ key, asc, ascq, ata, information, progress }: Sense): Buffer {
  const descriptors: Buffer[] = [];
  if (information !== undefined) descriptors.push(informationDescriptor(information));
  if (progress !== undefined)
    descriptors.push(Buffer.of(0x02, 6, 0, 0, 0x80, progress >> 8, progress & 0xff, 0));
  if (ata) descriptors.push(ataDescriptor(ata));
  const body = Buffer.concat(descriptors);
  return Buffer.concat([Buffer.of(0x72, key, asc, ascq, 0, 0, 0, body.length), body]);
}

/** Response code 70h: no room for ATA registers. */
export function fixedSense({ key, asc, ascq, information, progress }: Sense): Buffer {
  const bytes = Buffer.alloc(18);
  bytes[0] = information === undefined ? 0x70 : 0xf0;
  bytes[2] = key;
  if (information !== undefined) bytes.writeUInt32BE(Math.min(information, 0xffff_ffff), 3);
  bytes[7] = 10;
  bytes[12] = asc;
  bytes[13] = ascq;
  if (progress !== undefined) bytes.set([0x80, progress >> 8, progress & 0xff], 15);
  return bytes;
}

function informationDescriptor(information: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.set([0x00, 10, 0x80]);
  bytes.writeBigUInt64BE(BigInt(information), 4);
  return bytes;
}

function ataDescriptor({ status, error, count, lba, extended }: AtaResult & { extended: boolean }): Buffer {
  const byte = (index: number): number => Math.floor(lba / 256 ** index) % 256;
  const high = (value: number): number => (extended ? value : 0);
  return Buffer.of(
    ...[0x09, 12, extended ? 1 : 0, error, high(count >> 8), count & 0xff],
    ...[high(byte(3)), byte(0), high(byte(4)), byte(1), high(byte(5)), byte(2)],
    ...[extended ? 0x40 : 0x40 | (byte(3) & 0x0f), status],
  );
}
