import type { Phrase } from '@rebond/protocol';
import { lineHeight, type Pen, type Style } from './pdf-pen.ts';

/** A4 in points, and the margins at its sides. */
export const PAGE = { width: 595.28, height: 841.89, side: 40 };
export const WIDTH = PAGE.width - 2 * PAGE.side;

export const INK = '#16181d';
const SOFT = '#4b5059';
const RULE = '#b9bec7';

export const FRENCH: Style = { face: 'sans', size: 7.8, colour: INK };
export const ENGLISH: Style = { face: 'sans', size: 6.3, colour: SOFT, lang: 'en' };
export const STRONG: Style = { ...FRENCH, face: 'bold' };
export const FACT: Style = { face: 'mono', size: 7.4, colour: INK };

/** A paragraph that may be cut after `maxLines` lines. Its English follows on the same line where there is room. */
export type Text = { text: string; style: Style; maxLines: number; english?: { text: string; style: Style } };

/** A value beside its name. */
export type Row = { label: Phrase; value: readonly Text[] };

/**
 * Something of known height (points) that is never cut between pages; its x and its width were fixed when it was
 * made. `gap` is the distance to what stands above it.
 */
export type Piece = { height: number; gap?: number; draw(y: number): void };

/** Points between two sections. */
const GAP = 7;
export const gapOf = ({ gap = GAP }: Piece): number => gap;

export type Area = { x: number; width: number };
export const WHOLE: Area = { x: PAGE.side, width: WIDTH };
const GUTTER = 22;
const HALF = (WIDTH - GUTTER) / 2;
export const LEFT: Area = { x: PAGE.side, width: HALF };
export const RIGHT: Area = { x: PAGE.side + HALF + GUTTER, width: HALF };

/** Paragraphs under each other. */
export function column(pen: Pen, texts: readonly Text[], area: Area): Piece {
  return stacked(texts.map((text) => paragraphPiece(pen, text, area)));
}

function paragraphPiece(pen: Pen, { text, style, maxLines, english }: Text, { x, width }: Area): Piece {
  const lines = pen.wrap(text, style, width, maxLines);
  const height = lines.length * lineHeight(style);
  const own: Piece = { height, draw: (y) => pen.write('P', lines, x, y, style) };
  if (!english) return own;
  const after = lines.length === 1 ? pen.width(text, style) + style.size * 0.75 : width;
  if (after + pen.width(english.text, english.style) > width) {
    return stacked([own, paragraphPiece(pen, { ...english, maxLines }, { x, width })]);
  }
  const drop = pen.baseline(style) - pen.baseline(english.style);
  return {
    height,
    draw(y) {
      own.draw(y);
      pen.write('P', [english.text], x + after, y + drop, english.style);
    },
  };
}

/** Pieces under each other, `gap` points apart. */
export function stacked(pieces: readonly Piece[], gap = 0): Piece {
  return {
    height: pieces.reduce((sum, { height }) => sum + height, 0) + gap * Math.max(0, pieces.length - 1),
    draw(y) {
      for (const piece of pieces) {
        piece.draw(y);
        y += piece.height + gap;
      }
    },
  };
}

/** Pieces beside each other, their tops aligned. */
export function beside(...pieces: readonly Piece[]): Piece {
  return {
    height: Math.max(...pieces.map(({ height }) => height)),
    draw: (y) => pieces.forEach((piece) => piece.draw(y)),
  };
}

/** A section: its title, French then English, over a rule, and what is under it. */
export function section(pen: Pen, title: Phrase, area: Area, body: Piece): Piece {
  return stacked([heading(pen, title, area), body], 2);
}

function heading(pen: Pen, title: Phrase, { x, width }: Area): Piece {
  const french: Style = { ...STRONG, size: 9.2 };
  const english: Style = { ...ENGLISH, size: 7 };
  return {
    height: 14,
    draw(y) {
      const drop = pen.baseline(french) - pen.baseline(english);
      pen.write('H2', [title.fr], x, y, french);
      pen.write('P', [title.en], x + pen.width(title.fr, french) + 6, y + drop, english);
      line(pen, x, y + 13, width, 0.9, INK);
    },
  };
}

/** Rows of names and values with a hair line between them. `share` is the part of the width that names take. */
export function table(pen: Pen, rows: readonly Row[], area: Area, share = 0.34): Piece {
  return stacked(rows.map((row, index) => rowOf(pen, row, area, share, index > 0)));
}

function rowOf(pen: Pen, { label, value }: Row, { x, width }: Area, share: number, ruled: boolean): Piece {
  const name: Text = {
    text: label.fr,
    style: { ...FRENCH, size: 7.2, colour: SOFT },
    maxLines: 2,
    ...(label.en === label.fr ? {} : { english: { text: label.en, style: { ...ENGLISH, size: 6 } } }),
  };
  const cells = beside(
    column(pen, [name], { x, width: width * share - 6 }),
    column(pen, value, { x: x + width * share, width: width * (1 - share) }),
  );
  return {
    height: cells.height + 3.4,
    draw(y) {
      if (ruled) line(pen, x, y, width, 0.35, RULE);
      cells.draw(y + 1.7);
    },
  };
}

function line(pen: Pen, x: number, y: number, width: number, weight: number, colour: string): void {
  pen.decorate(() => pen.doc.rect(x, y - weight / 2, width, weight).fill(colour));
}

/** Pieces on pages whose free height is `height` points. */
export function paginate(pieces: readonly Piece[], height: number): Piece[][] {
  const pages: Piece[][] = [];
  let used = Infinity;
  for (const piece of pieces) {
    const fits = used + gapOf(piece) + piece.height <= height;
    if (fits) used += gapOf(piece) + piece.height;
    else used = piece.height;
    if (!fits) pages.push([]);
    pages.at(-1)?.push(piece);
  }
  return pages;
}
