import { createRequire } from 'node:module';
import { visible } from '@rebond/protocol';
import type Pdf from 'pdfkit';
import { type Face, inRuns, spell } from './pdf-glyphs.ts';
import { ELLIPSIS, wrapText } from './pdf-wrap.ts';

export type Document = InstanceType<typeof Pdf>;

/** Size in points; colour as `#rrggbb`; `lang` marks English in the structure tree of a French document. */
export type Style = { face: Face; size: number; colour: string; lang?: 'en' };

/** Height of a line, in points, for a font size in points. */
export const lineHeight = (style: Style): number => style.size * 1.21;

const require = createRequire(import.meta.url);
const FACES: Record<Face, string> = {
  sans: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  mono: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
};

/** Measures, wraps and draws text; what it draws is tagged in reading order. The only place that calls pdfkit's text. */
export class Pen {
  readonly doc: Document;
  readonly #root;
  #hasCut = false;

  constructor(doc: Document) {
    this.doc = doc;
    for (const [face, file] of Object.entries(FACES)) doc.registerFont(face, file);
    this.#root = doc.struct('Document');
    doc.addStructure(this.#root);
  }

  /** Hostile text as it can be drawn on one line: nothing acts, nothing is without a glyph. `max` as in `visible()`. */
  readable(text: string, max: number): string {
    const shown = visible(text, max);
    this.#hasCut ||= shown.endsWith(ELLIPSIS);
    return spell(shown, (face, codePoint) => this.#hasGlyph(face, codePoint));
  }

  /** Width in points. */
  width(text: string, style: Style): number {
    let sum = 0;
    for (const run of this.#runs(text, style.face)) {
      this.doc.font(run.face).fontSize(style.size);
      sum += this.doc.widthOfString(run.text);
    }
    return sum;
  }

  /** From the top of a line to its baseline, in points (DejaVu's ascender is 1901 of 2048 units). */
  baseline(style: Style): number {
    return (style.size * 1901) / 2048;
  }

  /** Lines as `wrapText` makes them in this style. */
  wrap(text: string, style: Style, width: number, maxLines: number): string[] {
    const { lines, cut } = wrapText(text, width, maxLines, (part) => this.width(part, style));
    this.#hasCut ||= cut;
    return lines;
  }

  /** The style, smaller where the text is wider than `width` points. */
  fitting(text: string, style: Style, width: number): Style {
    const natural = this.width(text, style);
    return natural <= width ? style : { ...style, size: (style.size * width) / natural };
  }

  /** Draws lines from the top left corner at x, y (points) under one structure element. */
  write(tag: 'H1' | 'H2' | 'P', lines: readonly string[], x: number, y: number, style: Style): void {
    const options = style.lang ? { lang: style.lang } : {};
    const draw = () =>
      lines.forEach((line, index) => this.#draw(line, x, y + index * lineHeight(style), style));
    this.#root.add(this.doc.struct(tag, options, draw));
  }

  /** Draws what a screen reader passes over: lines, bands, page numbers. */
  decorate(draw: () => void): void {
    this.doc.markContent('Artifact', { type: 'Layout' });
    draw();
    this.doc.endMarkedContent();
  }

  /** Draws one line as part of a decoration. */
  stamp(text: string, x: number, y: number, style: Style): void {
    this.#draw(text, x, y, style);
  }

  /** A drawing that a screen reader announces by `alt`. */
  figure(alt: string, draw: () => void): void {
    this.#root.add(this.doc.struct('Figure', { alt }, draw));
  }

  /** True once a text was cut, by `wrap` or for its length. */
  get hasCut(): boolean {
    return this.#hasCut;
  }

  finish(): void {
    this.#root.end();
  }

  #draw(text: string, x: number, y: number, style: Style): void {
    let at = x;
    // One blank stays at the end of a line, for whoever reads the lines of a paragraph as one text.
    for (const run of this.#runs(text.replace(/ +$/, ' '), style.face)) {
      this.doc.font(run.face).fontSize(style.size).fillColor(style.colour);
      this.doc.text(run.text, at, y, { lineBreak: false });
      at += this.doc.widthOfString(run.text);
    }
  }

  #runs(text: string, face: Face) {
    return inRuns(text, face, (face, codePoint) => this.#hasGlyph(face, codePoint));
  }

  /** pdfkit keeps the fontkit font it opened in `_font.font` (0.20). */
  #hasGlyph(face: Face, codePoint: number): boolean {
    this.doc.font(face);
    type Opened = { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } };
    return (this.doc as unknown as Opened)._font.font.hasGlyphForCodePoint(codePoint);
  }
}
