// What a drive says of itself: the 512 bytes of IDENTIFY DEVICE (ACS-4 7.13).
import type { AtaModel } from '../describe.ts';
import type { SecurityMachine } from './security.ts';
import { checksummed } from './registers.ts';

export type Identity = {
  model: AtaModel;
  serial: string;
  sectors: number;
  hidden: boolean;
  security: SecurityMachine | null;
};

const MAX_28 = 2 ** 28 - 1;

export function identifyPage({ model, serial, sectors, hidden, security }: Identity): Buffer {
  const page = Buffer.alloc(512);
  const word = (at: number, value: number): void => void page.writeUInt16LE(value & 0xffff, at * 2);
  text(page, 10, 20, serial, true);
  text(page, 23, 8, model.firmware);
  text(page, 27, 40, model.model);
  for (const [at, value] of FIXED) word(at, value);
  word(59, sanitizeBits(model) | 0x0400);
  page.writeUInt32LE(Math.min(sectors, MAX_28), 60 * 2);
  featureWords(word, model, hidden, security);
  page.writeBigUInt64LE(BigInt(sectors), 100 * 2);
  if (model.logicalSectorBytes === 4096) {
    word(106, 0x5000);
    page.writeUInt32LE(2048, 117 * 2);
  } else word(106, 0x6003);
  for (let at = 0; at < 4; at += 1) word(108 + at, Number((model.wwn >> BigInt(48 - 16 * at)) & 0xffffn));
  if (model.ama !== null) {
    word(119, 0x4100);
    word(120, 0x4100);
  }
  word(69, model.trim ? 0x4020 : 0);
  word(169, model.trim ? 1 : 0);
  word(217, model.rotation);
  page[510] = 0xa5;
  return checksummed(page);
}

/** Geometry of old, transfer modes, timings, SATA generation 3, ACS-2 to ACS-4. */
const FIXED: readonly (readonly [number, number])[] = [
  ...([
    [0, 0x0040],
    [1, 16_383],
    [3, 16],
    [6, 63],
    [47, 0x8010],
    [49, 0x2f00],
    [50, 0x4000],
  ] as const),
  ...([
    [53, 0x0007],
    [54, 16_383],
    [55, 16],
    [56, 63],
    [63, 0x0007],
    [64, 0x0003],
  ] as const),
  ...([
    [65, 120],
    [66, 120],
    [67, 120],
    [68, 120],
    [75, 31],
    [76, 0x010e],
    [80, 0x0ff0],
  ] as const),
  ...([
    [88, 0x407f],
    [209, 0x4000],
    [222, 0x107f],
  ] as const),
];

function featureWords(
  word: (at: number, value: number) => void,
  model: AtaModel,
  hidden: boolean,
  security: SecurityMachine | null,
): void {
  const hpa = model.hpa === null ? 0 : 0x0400;
  const dco = model.dco === null ? 0 : 0x0800;
  const secure = security ? 2 : 0;
  // SMART, power management, write cache, look-ahead, NOP.
  const basic = 0x4069;
  word(82, basic | secure | hpa);
  word(83, 0x7400 | dco);
  // SMART error log and self-test, general purpose logs, world wide name.
  word(84, 0x4123);
  const told = security?.words();
  word(85, basic | (told?.enabled ? 2 : 0) | (hidden ? hpa : 0));
  word(86, 0x3400 | dco);
  word(87, 0x4123);
  if (!told) return;
  word(89, minutes(told.minutes));
  word(90, minutes(told.enhancedMinutes));
  word(92, told.masterId);
  word(128, told.status);
}

function sanitizeBits({ sanitize }: AtaModel): number {
  if (!sanitize) return 0;
  return (
    0x1000 |
    (sanitize.crypto ? 0x2000 : 0) |
    (sanitize.overwrite ? 0x4000 : 0) |
    (sanitize.block ? 0x8000 : 0)
  );
}

/** Units of two minutes: 8 bits, where 255 means more than 508; with bit 15 set 15 bits, up to 65,532 (ACS-4 7.13.6.31). */
function minutes(count: number): number {
  const units = Math.ceil(count / 2);
  if (units < 255) return units;
  return 0x8000 | Math.min(0x7ffe, units);
}

/** ASCII, padded with blanks, the two bytes of each word exchanged. */
function text(page: Buffer, word: number, length: number, value: string, right = false): void {
  const blank = right ? value.slice(0, length).padStart(length) : value.slice(0, length).padEnd(length);
  page.write(blank, word * 2, length, 'latin1');
  page.subarray(word * 2, word * 2 + length).swap16();
}
