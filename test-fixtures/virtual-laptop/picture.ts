// QEMU's screen dumps (PPM, P6), and the text in them.
import { LaptopError } from './describe.ts';
import { type Font, glyphKey } from './psf.ts';

export type Picture = { width: number; height: number; pixels: Buffer };

export function parsePpm(file: Buffer): Picture {
  const [head, width, height] =
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 64).toString('latin1')) ?? [];
  if (head === undefined) throw new LaptopError('bad-file', 'not a picture of QEMU’s');
  const pixels = file.subarray(head.length);
  const picture = { width: Number(width), height: Number(height), pixels };
  if (pixels.length < picture.width * picture.height * 3) throw new LaptopError('bad-file', 'half a picture');
  return picture;
}

export const UNKNOWN = '�';

/** Where the first cell is, and how far apart they are. */
type Grid = { left: number; top: number; step: number; fonts: readonly Font[] };
type Reading = { lines: string[]; known: number; unknown: number };

/** The picture cut in cells, each compared with the glyphs; lines without their ends of spaces. */
export function readText(picture: Picture, fonts: readonly Font[]): string[] {
  let best: Reading = { lines: [], known: 0, unknown: 1 };
  for (const grid of gridsFor(picture, fonts)) {
    const reading = readGrid(picture, grid);
    if (share(reading) > share(best) || best.lines.length === 0) best = reading;
    if (share(best) > GOOD) break;
  }
  return best.lines;
}

/** Above it, no other grid is tried. */
const GOOD = 0.9;

function share({ known, unknown }: Reading): number {
  return known / Math.max(1, known + unknown);
}

/** Text modes of VGA draw 8 pixels of glyph in cells of 9. */
const TEXT_MODE = { width: 720, height: 400, cell: 9 };
/** EDK2 draws the text modes that it has in the middle of the picture. */
const FIRMWARE_MODES = [
  [100, 31],
  [80, 25],
  [128, 40],
  [160, 42],
  [240, 56],
] as const;
const FIRMWARE_HEIGHT = 19;

/** GRUB leaves a border around its graphical terminal. */
const GRUB_BORDER = 10;

function gridsFor({ width, height }: Picture, fonts: readonly Font[]): Grid[] {
  const kind = ({ drawnBy, width, height }: Font): string => `${drawnBy} ${width}x${height}`;
  return [...new Set(fonts.map(kind))].flatMap((each) => {
    const same = fonts.filter((font) => kind(font) === each);
    const font = same[0]!;
    if (font.drawnBy === 'firmware')
      return FIRMWARE_MODES.map(([columns, rows]) => centred(columns, rows, same));
    if (font.drawnBy === 'grub')
      return [{ left: GRUB_BORDER, top: GRUB_BORDER, step: font.width, fonts: same }];
    const textMode = width === TEXT_MODE.width && height === TEXT_MODE.height;
    return [{ left: 0, top: 0, step: textMode ? TEXT_MODE.cell : font.width, fonts: same }];
  });

  function centred(columns: number, rows: number, same: readonly Font[]): Grid {
    const left = Math.floor((width - columns * same[0]!.width) / 2);
    const top = Math.floor((height - rows * FIRMWARE_HEIGHT) / 2);
    const start = {
      left: ((left % 8) + 8) % 8,
      top: ((top % FIRMWARE_HEIGHT) + FIRMWARE_HEIGHT) % FIRMWARE_HEIGHT,
    };
    return { ...start, step: same[0]!.width, fonts: same };
  }
}

function readGrid(picture: Picture, { left, top, step, fonts }: Grid): Reading {
  const { width, height } = fonts[0]!;
  const reading: Reading = { lines: [], known: 0, unknown: 0 };
  for (let y = top; y + height <= picture.height; y += height) {
    let line = '';
    for (let x = left; x + width <= picture.width; x += step) {
      const cell = readCell(picture, x, y, fonts);
      if (cell === UNKNOWN) reading.unknown += 1;
      else if (cell !== ' ') reading.known += 1;
      line += cell;
    }
    reading.lines.push(line.trimEnd());
  }
  return reading;
}

function readCell(picture: Picture, left: number, top: number, fonts: readonly Font[]): string {
  const { width, height } = fonts[0]!;
  const rows = bitsOf(picture, left, top, width, height);
  if (rows === null) return ' ';
  const paper = 2 ** width - 1;
  for (const ink of [rows, rows.map((row) => paper - row)]) {
    const found =
      lookUp(ink, fonts) ?? lookUp(withoutCursor(ink, 0), fonts) ?? lookUp(withoutCursor(ink, paper), fonts);
    if (found !== null) return found;
  }
  return UNKNOWN;
}

function lookUp(rows: readonly number[], fonts: readonly Font[]): string | null {
  const key = glyphKey(rows);
  for (const { characters } of fonts) {
    const found = characters.get(key);
    if (found !== undefined) return found === '\u00A0' ? ' ' : found;
  }
  return null;
}

/** The blinking underline covers the last two rows. */
function withoutCursor(rows: readonly number[], paper: number): number[] {
  return rows.map((row, at) => (at >= rows.length - 2 ? paper : row));
}

/** Two colours: the one of the first pixel is paper. Null for a cell of one colour. Others count as ink. */
function bitsOf(
  { width: across, pixels }: Picture,
  left: number,
  top: number,
  width: number,
  height: number,
): number[] | null {
  const first = (top * across + left) * 3;
  const paper = (pixels[first]! << 16) | (pixels[first + 1]! << 8) | pixels[first + 2]!;
  const rows: number[] = [];
  let any = 0;
  for (let y = 0; y < height; y += 1) {
    let bits = 0;
    let at = ((top + y) * across + left) * 3;
    for (let x = 0; x < width; x += 1, at += 3) {
      const pixel = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;
      bits = bits * 2 + (pixel === paper ? 0 : 1);
    }
    any |= bits;
    rows.push(bits);
  }
  return any === 0 ? null : rows;
}
