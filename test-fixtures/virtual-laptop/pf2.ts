// GRUB's fonts (PF2): glyphs cut to their ink, put back into cells as GRUB's graphical terminal draws them.
import { LaptopError } from './describe.ts';
import { type Font, glyphKey } from './psf.ts';

/** Beyond it are scripts that no screen of ours is written in. */
const LAST = 0x2600;
const WIDTH = 8;

type Sections = { index: Buffer; height: number; ascent: number };

export function parsePf2(file: Buffer): Font {
  if (file.toString('latin1', 0, 4) !== 'FILE') throw new LaptopError('bad-file', 'not a PF2 font');
  const { index, height, ascent } = sectionsOf(file);
  const characters = new Map<string, string>();
  for (let at = 0; at < index.length; at += 9) {
    const code = index.readUInt32BE(at);
    if (code >= LAST) break;
    const rows = cellOf(file, index.readUInt32BE(at + 5), height, ascent);
    const key = rows && glyphKey(rows);
    if (key && !characters.has(key)) characters.set(key, String.fromCodePoint(code));
  }
  return { width: WIDTH, height, drawnBy: 'grub', characters };
}

/** Sections of a name, a length (big end first) and data; the one called DATA is the last. */
function sectionsOf(file: Buffer): Sections {
  const found = new Map<string, Buffer>();
  for (let at = 0; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    if (name === 'DATA') break;
    const length = file.readUInt32BE(at + 4);
    found.set(name, file.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const word = (name: string): number => found.get(name)?.readUInt16BE(0) ?? 16;
  return { index: found.get('CHIX') ?? Buffer.alloc(0), height: word('MAXH'), ascent: word('ASCE') };
}

/** Null for one that does not fit in a cell of one column. */
function cellOf(file: Buffer, at: number, height: number, ascent: number): number[] | null {
  const [width, tall] = [file.readUInt16BE(at), file.readUInt16BE(at + 2)];
  const [left, bottom] = [file.readInt16BE(at + 4), file.readInt16BE(at + 6)];
  const top = ascent - bottom - tall;
  if (left < 0 || left + width > WIDTH || top < 0 || top + tall > height) return null;
  const rows = Array.from({ length: height }, () => 0);
  for (let bit = 0; bit < width * tall; bit += 1)
    if ((file[at + 10 + (bit >> 3)]! >> (7 - (bit & 7))) & 1)
      rows[top + Math.floor(bit / width)]! |= 1 << (WIDTH - 1 - left - (bit % width));
  return rows;
}
