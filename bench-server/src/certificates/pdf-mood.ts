import type { Pen } from './pdf-pen.ts';
import type { Mood, Verdict } from './pdf-verdict.ts';

/** Colours of a document by what it is. `on` is readable on `colour`; `pale` is for the word behind the text. */
export type Look = { colour: string; on: string; tint: string; pale: string; frame: number };

/** A document whose facts nobody but persons saw has a dress of its own. */
export type Dress = Mood | 'stated';

const BAD: Look = { colour: '#991b1b', on: '#ffffff', tint: '#fdf1f1', pale: '#fae0e0', frame: 3 };

export const MOODS: Readonly<Record<Dress, Look>> = {
  done: { colour: '#14532d', on: '#ffffff', tint: '#ffffff', pale: '#ffffff', frame: 1.2 },
  rehearsal: { colour: '#4c1d95', on: '#ffffff', tint: '#f5f0fd', pale: '#e9def9', frame: 3 },
  failed: BAD,
  rejected: BAD,
  unknown: { colour: '#f5a800', on: '#000000', tint: '#fff8e6', pale: '#fdecc4', frame: 3 },
  stated: { colour: '#1e3a5f', on: '#ffffff', tint: '#eef3f9', pale: '#dbe6f2', frame: 3 },
};

/** A tick, a cross, a question mark or a person in a disc: the verdict without colour. */
export function drawMark(pen: Pen, verdict: Verdict | 'stated', x: number, y: number, side: number): void {
  const { doc } = pen;
  const r = side / 2;
  doc.circle(x, y, r).fill('#ffffff');
  doc.lineWidth(side / 8).strokeColor('#000000');
  switch (verdict) {
    case 'done':
      doc
        .moveTo(x - r * 0.5, y + r * 0.02)
        .lineTo(x - r * 0.12, y + r * 0.42)
        .lineTo(x + r * 0.52, y - r * 0.4)
        .stroke();
      return;
    case 'failed':
    case 'rejected':
      doc.moveTo(x - r * 0.42, y - r * 0.42).lineTo(x + r * 0.42, y + r * 0.42);
      doc
        .moveTo(x + r * 0.42, y - r * 0.42)
        .lineTo(x - r * 0.42, y + r * 0.42)
        .stroke();
      return;
    case 'stated':
      doc.circle(x, y - r * 0.28, r * 0.24).fill('#000000');
      doc
        .path(
          `M ${x - r * 0.5} ${y + r * 0.6} A ${r * 0.5} ${r * 0.55} 0 0 1 ${x + r * 0.5} ${y + r * 0.6} Z`,
        )
        .fill('#000000');
      return;
    case 'unknown':
      pen.stamp('?', x - side * 0.25, y - side * 0.46, {
        face: 'bold',
        size: side * 0.78,
        colour: '#000000',
      });
  }
}

/** An edge of `height` points that differs by shape as well: stripes, teeth or blocks. */
export function drawEdge(pen: Pen, mood: Dress, y: number, width: number, height: number): void {
  const { doc } = pen;
  const { colour } = MOODS[mood];
  const step = mood === 'unknown' ? 2 * height : 1.6 * height;
  for (let x = -step; x < width; x += step) {
    if (mood === 'rehearsal') {
      doc.polygon([x, y + height], [x + height, y], [x + height + step / 2, y], [x + step / 2, y + height]);
    } else if (mood === 'failed' || mood === 'rejected') {
      doc.polygon([x, y], [x + step, y], [x + step / 2, y + height]);
    } else {
      doc.rect(x, y, step / 2, height);
    }
  }
  doc.fill(colour);
}
