import type { AtaSanitize, AtaSecurity } from '@rebond/protocol';
import { failed, type Parsed, parsed } from './parsed.ts';

/** What IDENTIFY DEVICE says of a drive's means, from the words themselves (ACS-4 §7.13). */
export type AtaWords = {
  serial: string;
  model: string;
  /** User-addressable logical sectors, and their size. */
  sectors: bigint;
  sectorBytes: number;
  security: AtaSecurity | null;
  sanitize: Omit<AtaSanitize, 'state'> | null;
  /** Feature sets that may hide addresses. */
  hidesBy: { hpa: boolean; dco: boolean; ama: boolean };
};

const SOURCE = 'hdparm --Istdout';
const WORDS = 256;

/** Reads `hdparm --Istdout`: 256 words of four hexadecimal digits. A bridge may make them up: the checksum must hold where there is one. */
export function parseAtaWords(text: string): Parsed<AtaWords> {
  const hex = text.match(/^(?:[0-9a-f]{4}\s*)+$/gim)?.join(' ') ?? '';
  const words = hex.match(/[0-9a-f]{4}/gi)?.map((each) => Number.parseInt(each, 16)) ?? [];
  if (words.length !== WORDS) return failed('nonsense', SOURCE, `${words.length} words of ${WORDS}`);
  if (!checksumHolds(words)) return failed('nonsense', SOURCE, 'the checksum does not hold');
  // Word 0 bit 15 set: no ATA device (ACS-4 table 55).
  if (word(words, 0) & 0x8000) return failed('nonsense', SOURCE, 'not an ATA device');
  return parsed({
    serial: textOf(words, 10, 19),
    model: textOf(words, 27, 46),
    sectors: sectorsOf(words),
    sectorBytes: sectorBytesOf(words),
    security: securityOf(words),
    sanitize: sanitizeOf(words),
    hidesBy: {
      hpa: isSet(words, 82, 10),
      dco: isSet(words, 83, 11),
      ama: isSet(words, 119, 8),
    },
  });
}

/** Word 255: A5h below, and all 512 bytes sum to zero. Older drives leave it empty. */
function checksumHolds(words: readonly number[]): boolean {
  if ((word(words, 255) & 0xff) !== 0xa5) return true;
  return words.reduce((sum, each) => sum + (each & 0xff) + (each >> 8), 0) % 256 === 0;
}

function word(words: readonly number[], index: number): number {
  return words[index] ?? 0;
}

function isSet(words: readonly number[], index: number, bit: number): boolean {
  return (word(words, index) & (1 << bit)) !== 0;
}

/** Two characters a word, the first in the upper byte. */
function textOf(words: readonly number[], from: number, to: number): string {
  return words
    .slice(from, to + 1)
    .map((each) => String.fromCharCode(each >> 8, each & 0xff))
    .join('')
    .replaceAll('\0', ' ')
    .trim();
}

function sectorsOf(words: readonly number[]): bigint {
  const quad = (at: number): bigint =>
    [3, 2, 1, 0].reduce((sum, each) => (sum << 16n) | BigInt(word(words, at + each)), 0n);
  const long = isSet(words, 83, 10) ? quad(100) : 0n;
  return long > 0n ? long : (BigInt(word(words, 61)) << 16n) | BigInt(word(words, 60));
}

/** Words 117 and 118 count in words of two bytes, where word 106 says that they are valid. */
function sectorBytesOf(words: readonly number[]): number {
  const valid = (word(words, 106) & 0xc000) === 0x4000;
  if (!valid || !isSet(words, 106, 12)) return 512;
  return ((word(words, 118) << 16) | word(words, 117)) * 2;
}

function securityOf(words: readonly number[]): AtaSecurity | null {
  const bit = (index: number): boolean => isSet(words, 128, index);
  if (!bit(0)) return null;
  const [enabled, locked, frozen] = [bit(1), bit(2), bit(3)];
  return {
    state: enabled ? (locked ? 'SEC4' : frozen ? 'SEC6' : 'SEC5') : frozen ? 'SEC2' : 'SEC1',
    attemptsExpired: bit(4),
    enhanced: bit(5),
    eraseMinutes: minutesOf(word(words, 89)),
    enhancedMinutes: bit(5) ? minutesOf(word(words, 90)) : null,
  };
}

/** Twice the value; the greatest one says "or more" (ACS-4 §7.13.6.41). */
function minutesOf(value: number): number | null {
  const count = value & 0x8000 ? value & 0x7fff : value & 0xff;
  return count === 0 ? null : count * 2 === 510 ? 508 : count * 2;
}

function sanitizeOf(words: readonly number[]): AtaWords['sanitize'] {
  if (!isSet(words, 59, 12)) return null;
  return { crypto: isSet(words, 59, 13), overwrite: isSet(words, 59, 14), block: isSet(words, 59, 15) };
}
