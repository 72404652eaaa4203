import QRCode from 'qrcode';
import type { Pen } from './pdf-pen.ts';

/** White modules around the code that a reader needs (ISO/IEC 18004 §6.3.8). */
const QUIET = 4;

/** Draws a QR code as vector rectangles, quiet zone included, in a square of `side` points. */
export function drawQr(pen: Pen, text: string, x: number, y: number, side: number): void {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  const unit = side / (size + 2 * QUIET);
  pen.doc.rect(x, y, side, side).fill('#ffffff');
  for (const { row, start, length } of bars(size, data)) {
    pen.doc.rect(x + (start + QUIET) * unit, y + (row + QUIET) * unit, length * unit, unit);
  }
  pen.doc.fill('#000000');
}

/** Dark modules of each row, neighbours joined. */
function* bars(size: number, data: Uint8Array): Generator<{ row: number; start: number; length: number }> {
  for (let row = 0; row < size; row++) {
    let start = 0;
    while (start < size) {
      let length = 0;
      while (start + length < size && data[row * size + start + length]) length++;
      if (length > 0) yield { row, start, length };
      start += length + 1;
    }
  }
}
