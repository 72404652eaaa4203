// Console fonts of Linux (PSF 1 and 2): from a glyph's pixels to the character.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { codePage437 } from './code-page.ts';
import { LaptopError } from './describe.ts';

export type Font = {
  width: number;
  height: number;
  /** Who draws with it decides where on the screen its cells are. */
  drawnBy: 'console' | 'firmware' | 'grub';
  /** Rows as bits, the leftmost pixel highest, by `glyphKey`. */
  characters: ReadonlyMap<string, string>;
};

export function readFont(path: string): Font {
  const file = readFileSync(path);
  return parsePsf(file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file);
}

export function parsePsf(file: Buffer): Font {
  if (file.length >= 4 && file.readUInt16LE(0) === 0x0436) return psf1(file);
  if (file.length >= 32 && file.readUInt32LE(0) === 0x864ab572) return psf2(file);
  throw new LaptopError('bad-file', 'not a PSF font');
}

export function glyphKey(rows: readonly number[]): string {
  return rows.join(',');
}

/** Mode bit 0: 512 glyphs; bits 1 and 2: a table of Unicode follows, in UTF-16 with 0xFFFF after each glyph. */
function psf1(file: Buffer): Font {
  const [mode, height] = [file[2]!, file[3]!];
  const count = mode & 1 ? 512 : 256;
  const names: string[] = [];
  let at = 4 + count * height;
  for (let glyph = 0; glyph < count; glyph += 1) {
    if ((mode & 6) === 0) names.push(codePage437(glyph));
    else {
      const first = at + 1 < file.length ? file.readUInt16LE(at) : 0xffff;
      names.push(first >= 0xfffe ? '' : String.fromCharCode(first));
      while (at + 1 < file.length && file.readUInt16LE(at) !== 0xffff) at += 2;
      at += 2;
    }
  }
  return collect(file.subarray(4), { count, width: 8, height, names });
}

/** Flag bit 0: a table of Unicode follows, in UTF-8 with 0xFF after each glyph and 0xFE before sequences. */
function psf2(file: Buffer): Font {
  const word = (at: number): number => file.readUInt32LE(at);
  const [header, flags, count, size, height, width] = [
    word(8),
    word(12),
    word(16),
    word(20),
    word(24),
    word(28),
  ];
  const names: string[] = [];
  let at = header + count * size;
  for (let glyph = 0; glyph < count; glyph += 1) {
    const end = flags & 1 ? file.indexOf(0xff, at) : -1;
    if (end < 0) names.push(codePage437(glyph));
    else {
      const [plain = ''] = file.subarray(at, end).toString('latin1').split('\u00FE');
      names.push(firstOf(Buffer.from(plain, 'latin1').toString('utf8')));
      at = end + 1;
    }
  }
  return collect(file.subarray(header), { count, width, height, names });
}

function firstOf(text: string): string {
  return text === '' ? '' : String.fromCodePoint(text.codePointAt(0)!);
}

export type Shape = Pick<Font, 'width' | 'height'> & {
  count: number;
  names: readonly string[];
  drawnBy?: Font['drawnBy'];
};

export function collect(bitmaps: Buffer, { count, width, height, names, drawnBy = 'console' }: Shape): Font {
  const characters = new Map<string, string>();
  const stride = Math.ceil(width / 8);
  for (let glyph = 0; glyph < count; glyph += 1) {
    const name = names[glyph];
    if (!name) continue;
    const rows = Array.from({ length: height }, (_, row) => {
      const at = (glyph * height + row) * stride;
      let bits = 0;
      for (let byte = 0; byte < stride; byte += 1) bits = bits * 256 + bitmaps[at + byte]!;
      return Math.floor(bits / 2 ** (stride * 8 - width));
    });
    const key = glyphKey(rows);
    // The same picture may stand for several characters (Latin, Greek, Cyrillic A): the simplest is meant.
    const known = characters.get(key);
    if (known === undefined || name.codePointAt(0)! < known.codePointAt(0)!) characters.set(key, name);
  }
  return { width, height, drawnBy, characters };
}
