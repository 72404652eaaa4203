// All that would be random in an image, from its serial: two builds of the same parts are then the same bytes.
import { createHash } from 'node:crypto';

export type Numbers = {
  /** Seconds since 1970. */
  serial: number;
  /** Of the stick's FAT, 8 hexadecimal digits. */
  fatId: string;
  /** Of the stick's partition table. */
  diskId: number;
  /** Of the ISO's partition table: a version 4 UUID without hyphens, as xorriso takes it. */
  gptGuid: string;
  /** Of the ISO's volume: YYYYMMDDhhmmsscc. */
  isoDate: string;
};

export function numbersOf(serial: number): Numbers {
  const digest = createHash('sha256').update(`rebond image ${serial}`).digest();
  const guid = Buffer.from(digest.subarray(8, 24));
  guid.writeUInt8((guid.readUInt8(6) & 0x0f) | 0x40, 6);
  guid.writeUInt8((guid.readUInt8(8) & 0x3f) | 0x80, 8);
  return {
    serial,
    fatId: digest.subarray(0, 4).toString('hex').toUpperCase(),
    diskId: digest.readUInt32LE(4),
    gptGuid: guid.toString('hex'),
    isoDate: `${new Date(serial * 1000).toISOString().replace(/\D/g, '').slice(0, 14)}00`,
  };
}

/** Newer than every package in it and than the sources it was built from. */
export function serialOf(sourceDate: number, builtAt: readonly number[]): number {
  return builtAt.reduce((newest, each) => Math.max(newest, each), sourceDate);
}
