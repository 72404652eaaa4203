import { describe, expect, it } from 'vitest';
import { parsePpm, type Picture, readText, UNKNOWN } from './picture.ts';
import { parsePf2 } from './pf2.ts';
import { glyphKey, parsePsf } from './psf.ts';

const A = [0, 0, 0x10, 0x38, 0x6c, 0xc6, 0xc6, 0xfe, 0xc6, 0xc6, 0xc6, 0xc6, 0, 0, 0, 0];
const BAR = Array.from({ length: 16 }, () => 0x18);
const BLANK = Array.from({ length: 16 }, () => 0);

/** A PSF of two glyphs: A, and é (a made-up bar). */
function psf2(): Buffer {
  const header = Buffer.alloc(32);
  for (const [at, word] of [0x864ab572, 0, 32, 1, 2, 16, 16, 8].entries()) header.writeUInt32LE(word, at * 4);
  const names = Buffer.concat([
    Buffer.from('A\u0391'),
    Buffer.from([0xff]),
    Buffer.from('é'),
    Buffer.from([0xfe, 0x65, 0xff]),
  ]);
  return Buffer.concat([header, Buffer.from([...A, ...BAR]), names]);
}

function psf1(): Buffer {
  const glyphs = Buffer.alloc(256 * 16);
  Buffer.from(A).copy(glyphs, 0);
  const names = Buffer.alloc(256 * 4, 0xff);
  for (let glyph = 0; glyph < 256; glyph += 1)
    names.writeUInt16LE(glyph === 0 ? 0x41 : 0xe000 + glyph, glyph * 4);
  return Buffer.concat([Buffer.from([0x36, 0x04, 2, 16]), glyphs, names]);
}

/** A PF2 of one glyph: a bar of 2×8 that stands on the base line, 3 to the right. */
function pf2(): Buffer {
  const section = (name: string, data: Buffer): Buffer => {
    const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
    head.writeUInt32BE(data.length, 4);
    return Buffer.concat([head, data]);
  };
  const index = Buffer.alloc(9);
  index.writeUInt32BE(0xe9, 0);
  const parts = [section('FILE', Buffer.from('PFF2')), section('MAXH', Buffer.from([0, 16]))];
  const before = Buffer.concat([...parts, section('ASCE', Buffer.from([0, 14]))]);
  index.writeUInt32BE(before.length + 17 + 8, 5);
  const glyph = Buffer.from([0, 2, 0, 8, 0, 3, 0, 0, 0, 8, 0xff, 0xff]);
  return Buffer.concat([
    before,
    section('CHIX', index),
    Buffer.from('DATA\xff\xff\xff\xff', 'latin1'),
    glyph,
  ]);
}

type Paint = { paper?: number; ink?: number; step?: number; left?: number; top?: number };

function paint(picture: Picture, glyphs: readonly number[][], row: number, look: Paint = {}): void {
  const { paper = 0, ink = 0xffffff, step = 8, left = 0, top = 0 } = look;
  for (const [column, glyph] of glyphs.entries())
    for (let y = 0; y < 16; y += 1)
      for (let x = 0; x < step; x += 1) {
        const lit = x < 8 && (glyph[y]! >> (7 - x)) & 1;
        const at = ((top + row * 16 + y) * picture.width + left + column * step + x) * 3;
        picture.pixels.writeUIntBE(lit ? ink : paper, at, 3);
      }
}

const blank = (width: number, height: number): Picture => ({
  width,
  height,
  pixels: Buffer.alloc(width * height * 3),
});

describe('fonts', () => {
  it('reads PSF 2 with its table, the simplest of several characters first', () => {
    const font = parsePsf(psf2());
    expect(font).toMatchObject({ width: 8, height: 16 });
    expect(font.characters.get(glyphKey(A))).toBe('A');
    expect(font.characters.get(glyphKey(BAR))).toBe('é');
  });

  it('reads PSF 1 with its table', () => {
    expect(parsePsf(psf1()).characters.get(glyphKey(A))).toBe('A');
  });

  it('puts GRUB’s glyphs back into their cells', () => {
    const rows = Array.from({ length: 16 }, (_, row) => (row >= 6 && row < 14 ? 0x18 : 0));
    const font = parsePf2(pf2());
    expect(font.characters.get(glyphKey(rows))).toBe('é');
    const picture = blank(800, 600);
    paint(picture, [rows, rows], 1, { left: 10, top: 10 });
    expect(readText(picture, [parsePsf(psf2()), font])[1]).toBe('éé');
  });

  it('refuses what is no font', () => {
    expect(() => parsePsf(Buffer.alloc(64))).toThrow('PSF');
  });
});

describe('reading a screen', () => {
  const fonts = [parsePsf(psf2())];

  it('reads cells in any two colours, inverted ones, and those under the cursor', () => {
    const picture = blank(80, 64);
    paint(picture, [A, BAR, BLANK, A], 0);
    paint(picture, [A, A], 1, { paper: 0x0000aa, ink: 0xffff55 });
    const inverted = A.map((bits) => bits ^ 0xff);
    paint(picture, [BAR, inverted], 2);
    paint(picture, [A.with(14, 0xff).with(15, 0xff)], 3);
    expect(readText(picture, fonts)).toEqual(['Aé A', 'AA', 'éA', 'A']);
  });

  it('says � where it cannot read', () => {
    const picture = blank(80, 32);
    paint(picture, [A, A.with(5, 0x81), A], 0);
    expect(readText(picture, fonts)[0]).toBe(`A${UNKNOWN}A`);
  });

  it('reads the wider cells of a VGA text mode', () => {
    const picture = blank(720, 400);
    paint(picture, [A, BAR, A], 0, { step: 9 });
    expect(readText(picture, fonts)[0]).toBe('AéA');
  });

  it('reads QEMU’s pictures, and refuses half of one', () => {
    const file = Buffer.concat([Buffer.from('P6\n2 1\n255\n'), Buffer.from([1, 2, 3, 4, 5, 6])]);
    expect(parsePpm(file)).toMatchObject({ width: 2, height: 1 });
    expect(() => parsePpm(file.subarray(0, -1))).toThrow('half');
  });
});
