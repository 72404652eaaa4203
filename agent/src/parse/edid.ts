import type { Display } from '@rebond/protocol';
import { failed, parsed, type Parsed } from './parsed.ts';
import { meaningful } from './placeholder.ts';

export type Edid = Omit<Display, 'connector' | 'internal'>;

export const EDID = 'EDID';
const BLOCK = 128;
const HEADER = [0, 255, 255, 255, 255, 255, 255, 0];

/**
 * The base block of an EDID (VESA E-EDID A2, §3): header and checksum are checked, extension blocks are not read.
 * A panel without a name descriptor gets its PNP id and product code, e.g. `AUO102D`.
 */
export function parseEdid(bytes: Uint8Array): Parsed<Edid> {
  const block = bytes.subarray(0, BLOCK);
  if (block.length < BLOCK) return failed('unreadable', EDID, `${bytes.length} bytes instead of ${BLOCK}`);
  if (!HEADER.every((byte, index) => block[index] === byte))
    return failed('nonsense', EDID, 'no EDID header');
  const sum = block.reduce((total, value) => (total + value) % 256, 0);
  if (sum !== 0) return failed('nonsense', EDID, `bad checksum: the bytes add up to ${sum} modulo 256`);
  const maker = makerOf(block);
  const timing = preferredTiming(block);
  return parsed({
    maker,
    model: descriptor(block, 0xfc) ?? productCode(block, maker),
    serial: descriptor(block, 0xff) ?? serialNumber(block),
    widthPixels: timing?.width ?? null,
    heightPixels: timing?.height ?? null,
    ...sizeOf(block, timing),
    year: yearOf(block),
  });
}

const byte = (block: Uint8Array, index: number): number => block[index] ?? 0;

/** Bytes 8 and 9: three letters of five bits, A is 1. */
function makerOf(block: Uint8Array): string | null {
  const packed = byte(block, 8) * 256 + byte(block, 9);
  const letters = [packed >> 10, (packed >> 5) & 31, packed & 31];
  return packed < 0x8000 && letters.every((letter) => letter >= 1 && letter <= 26)
    ? letters.map((letter) => String.fromCharCode(64 + letter)).join('')
    : null;
}

function productCode(block: Uint8Array, maker: string | null): string | null {
  const code = byte(block, 10) + byte(block, 11) * 256;
  return maker === null ? null : `${maker}${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Bytes 12 to 15, least first. 0 is none, 01010101h the usual filler. */
function serialNumber(block: Uint8Array): string | null {
  const number = [15, 14, 13, 12].reduce((total, index) => total * 256 + byte(block, index), 0);
  return number === 0 || number === 0x01010101 || number === 0xffffffff ? null : String(number);
}

/** Byte 17 counts from 1990; EDID is of 1994, so small values mean that the maker did not say. */
function yearOf(block: Uint8Array): number | null {
  return byte(block, 17) < 4 ? null : 1990 + byte(block, 17);
}

const DESCRIPTORS = [54, 72, 90, 108];

/** Text of the display descriptor with this tag (§3.10.3): 13 bytes, ended by a line feed, padded with blanks. */
function descriptor(block: Uint8Array, tag: number): string | null {
  const start = DESCRIPTORS.find(
    (at) => byte(block, at) === 0 && byte(block, at + 1) === 0 && byte(block, at + 3) === tag,
  );
  if (start === undefined) return null;
  const characters = [...block.subarray(start + 5, start + 18)];
  const end = characters.indexOf(0x0a);
  return meaningful(String.fromCharCode(...(end < 0 ? characters : characters.slice(0, end))));
}

type Timing = { width: number | null; height: number | null; widthMm: number; heightMm: number };

/** The first detailed timing (§3.10.2), which is the preferred one. Interlaced timings count half the lines. */
function preferredTiming(block: Uint8Array): Timing | null {
  const at = DESCRIPTORS.find((start) => byte(block, start) !== 0 || byte(block, start + 1) !== 0);
  if (at === undefined) return null;
  const lines = byte(block, at + 5) + ((byte(block, at + 7) & 0xf0) << 4);
  const isInterlaced = (byte(block, at + 17) & 0x80) !== 0;
  return {
    width: byte(block, at + 2) + ((byte(block, at + 4) & 0xf0) << 4) || null,
    height: (isInterlaced ? lines * 2 : lines) || null,
    widthMm: byte(block, at + 12) + ((byte(block, at + 14) & 0xf0) << 4),
    heightMm: byte(block, at + 13) + ((byte(block, at + 14) & 0x0f) << 8),
  };
}

/** An aspect ratio in the place of a size, as televisions give it. */
const RATIOS = new Set(['160x90', '160x100']);

/**
 * The picture's size: the timing's millimetres where they agree with the centimetres of bytes 21 and 22 to within
 * one, else the centimetres. Zero in either means a projector or an aspect ratio (§3.6.2), so nothing is known.
 */
function sizeOf(
  block: Uint8Array,
  timing: Timing | null,
): Pick<Edid, 'widthMillimetres' | 'heightMillimetres'> {
  const width = byte(block, 21) * 10;
  const height = byte(block, 22) * 10;
  if (width === 0 || height === 0 || RATIOS.has(`${width}x${height}`)) {
    return { widthMillimetres: null, heightMillimetres: null };
  }
  const isCloser =
    timing !== null && Math.abs(timing.widthMm - width) <= 10 && Math.abs(timing.heightMm - height) <= 10;
  return isCloser
    ? { widthMillimetres: timing.widthMm, heightMillimetres: timing.heightMm }
    : { widthMillimetres: width, heightMillimetres: height };
}
