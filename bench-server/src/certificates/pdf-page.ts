import type { Certificate, Phrase } from '@rebond/protocol';
import { INK, PAGE, WIDTH } from './pdf-layout.ts';
import { drawEdge, type Dress, MOODS } from './pdf-mood.ts';
import type { Pen, Style } from './pdf-pen.ts';
import { bandOf, caveatOf, moodOf, verdictWords, watermarkOf } from './pdf-verdict.ts';

/** Where the text of a page starts and ends, in points from its top. */
export type Frame = { top: number; bottom: number };

const BAND = 40;
const EDGE = 6;
const FOOTER = 20;

export function frameOf({ band: words }: Pick<Furniture, 'band'>): Frame {
  const band = words ? BAND + EDGE : 18;
  return { top: band + 10, bottom: PAGE.height - band - FOOTER - 4 };
}

/** What stands around the text of every page. */
export type Furniture = {
  id: string;
  dress: Dress;
  /** The word behind the text, and the sentence at the top and the bottom; null for none. */
  watermark: Phrase | null;
  band: Phrase | null;
  /** The verdict again, at the foot. */
  foot: string;
};

export function furnitureOf(certificate: Certificate): Furniture {
  const band = bandOf(certificate);
  const { fr, en } = verdictWords(certificate);
  // A page with bands needs no smaller print here.
  const caveat = !band && caveatOf(certificate) ? ' — non validé / not validated' : '';
  return {
    id: certificate.certificateId,
    dress: moodOf(certificate),
    watermark: watermarkOf(certificate),
    band,
    foot: `${fr} / ${en}${caveat}`,
  };
}

/** What every page carries around its text: bands, the word behind, the number, the verdict again. */
export function drawFurniture(pen: Pen, furniture: Furniture, page: number, pages: number): void {
  const { dress, watermark, band } = furniture;
  pen.decorate(() => {
    if (watermark) drawWatermark(pen, dress, watermark);
    if (band) {
      drawBand(pen, dress, band, 0);
      drawBand(pen, dress, band, PAGE.height - BAND);
      drawEdge(pen, dress, BAND, PAGE.width, EDGE);
      drawEdge(pen, dress, PAGE.height - BAND - EDGE, PAGE.width, EDGE);
    }
    drawFooter(pen, furniture, frameOf(furniture).bottom + 6, `page ${page} / ${pages}`);
  });
}

function drawBand(pen: Pen, mood: Dress, { fr, en }: Phrase, y: number): void {
  const { colour, on } = MOODS[mood];
  pen.doc.rect(0, y, PAGE.width, BAND).fill(colour);
  centred(pen, fr, y + 7, { face: 'bold', size: 11, colour: on });
  centred(pen, en, y + 23, { face: 'sans', size: 8.6, colour: on });
}

function centred(pen: Pen, text: string, y: number, style: Style): void {
  const fitted = pen.fitting(text, style, PAGE.width - 2 * 18);
  pen.stamp(text, (PAGE.width - pen.width(text, fitted)) / 2, y, fitted);
}

/** Both words along the diagonal, each as large as it goes. */
function drawWatermark(pen: Pen, mood: Dress, { fr, en }: Phrase): void {
  const { doc } = pen;
  const middle: [number, number] = [PAGE.width / 2, PAGE.height / 2];
  const style: Style = { face: 'bold', size: 132, colour: MOODS[mood].pale };
  doc.save().rotate(-52, { origin: middle });
  for (const [text, y, width] of [
    [fr, -118, 800],
    [en, 14, 640],
  ] as const) {
    const fitted = pen.fitting(text, style, width);
    pen.stamp(text, middle[0] - pen.width(text, fitted) / 2, middle[1] + y, fitted);
  }
  doc.restore();
}

function drawFooter(pen: Pen, { id, foot }: Furniture, y: number, number: string): void {
  const style: Style = { face: 'sans', size: 6.6, colour: INK };
  const words: Style = { ...style, face: 'bold' };
  pen.doc.rect(PAGE.side, y - 3, WIDTH, 0.5).fill(INK);
  pen.stamp(id, PAGE.side, y, { ...style, face: 'mono' });
  pen.stamp(number, PAGE.side + WIDTH - pen.width(number, style), y, style);
  const room = pen.fitting(foot, words, WIDTH - 240);
  pen.stamp(foot, (PAGE.width + 120 - pen.width(foot, room)) / 2 - 6, y, room);
}
