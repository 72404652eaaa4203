import type { Certificate, Phrase } from '@rebond/protocol';
import {
  type Area,
  beside,
  column,
  ENGLISH,
  FACT,
  FRENCH,
  INK,
  PAGE,
  type Piece,
  type Text,
  stacked,
  STRONG,
  WHOLE,
  WIDTH,
} from './pdf-layout.ts';
import { LEVEL_ORDER, LEVELS } from './pdf-names.ts';
import { lineHeight, type Pen, type Style } from './pdf-pen.ts';
import { drawQr } from './pdf-qr.ts';
import { paragraph, say } from './pdf-values.ts';
import { DECISIONS } from './pdf-words.ts';
import { drawMark, MOODS } from './pdf-mood.ts';
import { caveatOf, findingWords, moodOf, verdictMeaning, verdictOf, verdictWords } from './pdf-verdict.ts';

const QR_SIDE = 86;

/** The title, the number of the certificate, and the QR code. */
export function titlePiece(
  pen: Pen,
  { fr, en }: Phrase,
  certificate: Pick<Certificate, 'certificateId' | 'issuer'>,
  digest: string,
): Piece {
  const title: Style = { face: 'bold', size: 22, colour: INK };
  const subtitle: Style = { ...ENGLISH, size: 12.5 };
  const qr = `REBOND1 ${certificate.certificateId} sha256:${digest}`;
  // The quiet zone may stand in the margin: the dark modules end where the frame below ends.
  const x = PAGE.side + WIDTH - QR_SIDE + QR_SIDE / 14;
  const width = WIDTH - QR_SIDE - 20;
  const issuer = column(
    pen,
    [
      { text: 'Certificat n° / Certificate no.', style: { ...FRENCH, size: 7 }, maxLines: 1 },
      { text: certificate.certificateId, style: { ...FACT, size: 9.4 }, maxLines: 1 },
      { ...paragraph(pen, certificate.issuer.workshop.name, { ...STRONG, size: 8.6 }, 1) },
    ],
    { x: PAGE.side, width },
  );
  return {
    height: QR_SIDE,
    draw(y) {
      pen.write('H1', [fr], PAGE.side, y, title);
      pen.write('P', [en], PAGE.side, y + 26, subtitle);
      issuer.draw(y + 50);
      pen.figure(qr, () => drawQr(pen, qr, x, y, QR_SIDE));
    },
  };
}

const PADDING = 10;
const MARK = 44;

/** The verdict, always in this place and in words; the level beside it. */
export function outcomePiece(pen: Pen, certificate: Certificate): Piece {
  const look = MOODS[moodOf(certificate)];
  const text = { x: PAGE.side + PADDING + MARK + 12, width: 292 };
  const level = {
    x: text.x + text.width + 20,
    width: PAGE.side + WIDTH - PADDING - (text.x + text.width + 20),
  };
  const inside = beside(wordsPiece(pen, certificate, text), levelPiece(pen, certificate, level));
  const clause = clausePiece(pen, certificate);
  const height = inside.height + clause.height + 2 * PADDING + 7;
  return {
    height,
    draw(y) {
      pen.decorate(() => {
        pen.doc.rect(PAGE.side, y, WIDTH, height).lineWidth(look.frame).fillAndStroke(look.tint, look.colour);
        pen.doc.rect(PAGE.side, y, PADDING + MARK + 6, height).fill(look.colour);
        drawMark(pen, verdictOf(certificate), PAGE.side + (PADDING + MARK + 6) / 2, y + height / 2, MARK);
      });
      inside.draw(y + PADDING);
      clause.draw(y + PADDING + inside.height + 7);
    },
  };
}

function wordsPiece(pen: Pen, certificate: Certificate, area: Area): Piece {
  const words = verdictWords(certificate);
  const french = pen.fitting(words.fr, { face: 'bold', size: 23, colour: INK }, area.width);
  const english = pen.fitting(words.en, { face: 'bold', size: 11, colour: INK, lang: 'en' }, area.width);
  const title: Piece = {
    height: lineHeight(french) + lineHeight(english) + 4,
    draw(y) {
      pen.write('H2', [words.fr], area.x, y, french);
      pen.write('P', [words.en], area.x, y + lineHeight(french), english);
    },
  };
  return stacked([title, column(pen, underTitle(pen, certificate), area)]);
}

/** A rejection with its reason, and only then, smaller, what the tool found; a caveat under a success not yet validated. */
function underTitle(pen: Pen, certificate: Certificate): Text[] {
  const meaning = say(verdictMeaning(certificate));
  const { validation, outcome, verification } = certificate;
  if (validation.decision === 'rejected') {
    const why = paragraph(pen, `Motif / Reason — ${validation.why}`, { ...STRONG, size: 9 }, 3);
    return [why, ...meaning, ...say(findingWords(outcome, verification.kind), { ...FRENCH, size: 6.8 })];
  }
  const caveat = caveatOf(certificate);
  return caveat ? [...say(caveat, { ...STRONG, size: 8.6 }), ...meaning] : meaning;
}

/** The level and the decision; a rejection comes first and large, and takes the place of the level. */
function levelPiece(pen: Pen, { method, validation }: Certificate, area: Area): Piece {
  const { levelAchieved, levelRequested } = method;
  const less = LEVEL_ORDER.indexOf(levelAchieved) < LEVEL_ORDER.indexOf(levelRequested);
  const rejected = validation.decision === 'rejected';
  const small: Style = { ...FRENCH, size: 7 };
  const line = (text: string, style: Style): Text => ({ text, style, maxLines: 2 });
  const big = (text: string): Text =>
    line(text, pen.fitting(text, { face: 'bold', size: 17, colour: INK }, area.width));
  const achieved = slashed(LEVELS[levelAchieved]);
  const requested = LEVELS[levelRequested];
  const level = [
    line(rejected ? 'Selon l’outil / Per the tool' : 'Niveau atteint / Level achieved', small),
    rejected ? line(achieved, small) : big(achieved),
    line(`demandé / requested — ${slashed(requested)}`, small),
    ...(less ? [line('MOINS QUE DEMANDÉ / LESS THAN REQUESTED', { ...STRONG, size: 6.6 })] : []),
  ];
  const decided = slashed(DECISIONS[validation.decision]);
  const decision = [line('Validation', small), rejected ? big(decided) : line(decided, STRONG)];
  const both = [column(pen, level, area), column(pen, decision, area)];
  return stacked(rejected ? both.toReversed() : both, 5);
}

function clausePiece(pen: Pen, certificate: Certificate): Piece {
  const { method, outcome } = certificate;
  const name = {
    done: 'Clause',
    rejected: 'Clause (outil / tool)',
    failed: NOT_MET,
    unknown: NOT_MET,
  }[outcome === 'done' ? verdictOf(certificate) : outcome];
  const x = PAGE.side + PADDING + MARK + 12;
  const text = paragraph(pen, `${name} — ${method.clause}`, { ...FRENCH, size: 7.2 }, 3);
  return column(pen, [text], { x, width: WHOLE.x + WIDTH - PADDING - x });
}

const NOT_MET = 'Clause NON atteinte / NOT met';

const slashed = ({ fr, en }: Phrase): string => (fr === en ? fr : `${fr} / ${en}`);
