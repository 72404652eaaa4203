import type { Certificate, Phrase } from '@rebond/protocol';
import { INK, PAGE, WIDTH } from './pdf-layout.ts';
import { drawEdge, MOODS } from './pdf-mood.ts';
import type { Pen, Style } from './pdf-pen.ts';
import { bandOf, caveatOf, type Mood, moodOf, verdictWords, watermarkOf } from './pdf-verdict.ts';

/** Where the text of a page starts and ends, in points from its top. */
export type Frame = { top: number; bottom: number };

const BAND = 40;
const EDGE = 6;
const FOOTER = 20;

export function frameOf(certificate: Certificate): Frame {
  const band = bandOf(certificate) ? BAND + EDGE : 18;
  return { top: band + 10, bottom: PAGE.height - band - FOOTER - 4 };
}

/** What every page carries around its text: bands, the word behind, the number, the verdict again. */
export function drawFurniture(pen: Pen, certificate: Certificate, page: number, pages: number): void {
  const mood = moodOf(certificate);
  const [word, band] = [watermarkOf(certificate), bandOf(certificate)];
  pen.decorate(() => {
    if (word) drawWatermark(pen, mood, word);
    if (band) {
      drawBand(pen, mood, band, 0);
      drawBand(pen, mood, band, PAGE.height - BAND);
      drawEdge(pen, mood, BAND, PAGE.width, EDGE);
      drawEdge(pen, mood, PAGE.height - BAND - EDGE, PAGE.width, EDGE);
    }
    drawFooter(pen, certificate, frameOf(certificate).bottom + 6, `page ${page} / ${pages}`);
  });
}

function drawBand(pen: Pen, mood: Mood, { fr, en }: Phrase, y: number): void {
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
function drawWatermark(pen: Pen, mood: Mood, { fr, en }: Phrase): void {
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

function drawFooter(pen: Pen, certificate: Certificate, y: number, number: string): void {
  const style: Style = { face: 'sans', size: 6.6, colour: INK };
  const { fr, en } = verdictWords(certificate);
  const words: Style = { ...style, face: 'bold' };
  // A page with bands needs no smaller print here.
  const caveat = !bandOf(certificate) && caveatOf(certificate) ? ' — non validé / not validated' : '';
  const text = `${fr} / ${en}${caveat}`;
  pen.doc.rect(PAGE.side, y - 3, WIDTH, 0.5).fill(INK);
  pen.stamp(certificate.certificateId, PAGE.side, y, { ...style, face: 'mono' });
  pen.stamp(number, PAGE.side + WIDTH - pen.width(number, style), y, style);
  const room = pen.fitting(text, words, WIDTH - 240);
  pen.stamp(text, (PAGE.width + 120 - pen.width(text, room)) / 2 - 6, y, room);
}
