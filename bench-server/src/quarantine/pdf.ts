import {
  type DestructionCertificate,
  DESTRUCTION_METHODS,
  DESTRUCTION_NOTICE,
  DESTRUCTION_TYPE,
  openAs,
  openBytes,
  type Phrase,
  sha256Hex,
} from '@rebond/protocol';
import { titlePiece } from '../certificates/pdf-head.ts';
import {
  beside,
  column,
  FRENCH,
  INK,
  LEFT,
  PAGE,
  type Piece,
  RIGHT,
  type Row,
  section,
  stacked,
  STRONG,
  table,
  WHOLE,
  WIDTH,
} from '../certificates/pdf-layout.ts';
import { makePdf } from '../certificates/pdf-make.ts';
import { drawMark, MOODS } from '../certificates/pdf-mood.ts';
import { LEVELS, MEDIA } from '../certificates/pdf-names.ts';
import { lineHeight, type Pen, type Style } from '../certificates/pdf-pen.ts';
import { labelRows, machineRows, sentences } from '../certificates/pdf-sections.ts';
import { verifySection } from '../certificates/pdf-traces.ts';
import { code, fact, moment, named, paragraph, say, shout } from '../certificates/pdf-values.ts';
import { amount, NOT_READ } from '../certificates/pdf-words.ts';
import { CAUSES } from './words.ts';

const TITLE: Phrase = { fr: 'Certificat de destruction', en: 'Certificate of destruction' };

/** The headline: who says it, before what is said. */
const STATED: Phrase = {
  fr: 'DÉTRUIT — DÉCLARÉ PAR DES PERSONNES',
  en: 'DESTROYED — STATED BY PERSONS',
};
/** Degaussing is no destruction by the standard, and is not called one. */
const DEGAUSSED: Phrase = {
  fr: 'DÉMAGNÉTISÉ — DÉCLARÉ PAR DES PERSONNES',
  en: 'DEGAUSSED — STATED BY PERSONS',
};
const BAND: Phrase = {
  fr: 'DÉCLARÉ PAR DES PERSONNES — l’outil n’a pas vu cette destruction.',
  en: 'STATED BY PERSONS — the tool did not see this destruction.',
};

export function destructionWords({ destruction }: DestructionCertificate): Phrase {
  return destruction.level === 'destroy' ? STATED : DEGAUSSED;
}

/**
 * The PDF view of a signed certificate of destruction, its envelope attached byte for byte. The signature is not checked.
 * @throws ProtocolError where the bytes hold no such certificate
 */
export async function destructionPdf(bytes: Uint8Array): Promise<Buffer> {
  const { envelope, payload: certificate } = openAs(DESTRUCTION_TYPE, openBytes(bytes).envelope);
  const digest = await sha256Hex(bytes);
  const { certificateId: id, issuedAt } = certificate;
  const { fr, en } = destructionWords(certificate);
  const title = `${fr} — ${TITLE.fr} / ${en} — ${TITLE.en} ${id}`;
  const furniture = { id, dress: 'stated', watermark: null, band: BAND, foot: `${fr} / ${en}` } as const;
  return await makePdf({ title, issuedAt, digest }, furniture, bytes, (pen) => [
    titlePiece(pen, TITLE, certificate, digest),
    statedPiece(pen, certificate),
    workPiece(pen, certificate),
    ...reasonPieces(pen, certificate),
    peoplePiece(pen, certificate),
    tracesPiece(pen, certificate),
    verifySection(pen, certificate, digest, envelope.signatures[0]?.keyid ?? ''),
  ]);
}

const PADDING = 10;
const MARK = 44;
const SIDE = PADDING + MARK + 6;

/** In the place of the verdict: that persons say it, then the level that follows from what they say. */
function statedPiece(pen: Pen, certificate: DestructionCertificate): Piece {
  const { colour, tint, frame } = MOODS.stated;
  const area = { x: PAGE.side + SIDE + 6, width: WIDTH - SIDE - 6 - PADDING };
  const words = destructionWords(certificate);
  const french = pen.fitting(words.fr, { face: 'bold', size: 21, colour: INK }, area.width);
  const english: Style = { face: 'bold', size: 11, colour: INK, lang: 'en' };
  const { method, fragments, level, clause } = certificate.destruction;
  const inside = column(
    pen,
    [
      ...say(DESTRUCTION_NOTICE, { ...STRONG, size: 8.6 }),
      ...say(
        {
          fr: `Niveau déclaré : ${LEVELS[level].fr} (${DESTRUCTION_METHODS[method].fr}${fragments ? `, DIN 66399 ${fragments}` : ''})`,
          en: `Stated level: ${LEVELS[level].en} (${DESTRUCTION_METHODS[method].en}${fragments ? `, DIN 66399 ${fragments}` : ''})`,
        },
        { ...STRONG, size: 9.4 },
      ),
      paragraph(pen, `Clause — ${clause}`, { ...FRENCH, size: 7.2 }, 4),
    ],
    area,
  );
  const head = lineHeight(french) + lineHeight(english) + 4;
  const height = head + inside.height + 2 * PADDING;
  return {
    height,
    draw(y) {
      pen.decorate(() => {
        pen.doc.rect(PAGE.side, y, WIDTH, height).lineWidth(frame).fillAndStroke(tint, colour);
        pen.doc.rect(PAGE.side, y, SIDE, height).fill(colour);
        drawMark(pen, 'stated', PAGE.side + SIDE / 2, y + height / 2, MARK);
      });
      pen.write('H2', [words.fr], area.x, y + PADDING, french);
      pen.write('P', [words.en], area.x, y + PADDING + lineHeight(french), english);
      inside.draw(y + PADDING + head);
    },
  };
}

function workPiece(pen: Pen, certificate: DestructionCertificate): Piece {
  const left = stacked(
    [
      section(pen, { fr: 'Le disque', en: 'The drive' }, LEFT, table(pen, driveRows(pen, certificate), LEFT)),
      section(
        pen,
        { fr: 'Vu en dernier dans', en: 'Seen last in' },
        LEFT,
        table(pen, machineRows(pen, certificate), LEFT),
      ),
    ],
    7,
  );
  const rows = statedRows(pen, certificate);
  const title = { fr: 'Ce qui est déclaré', en: 'What is stated' };
  return beside(left, section(pen, title, RIGHT, table(pen, rows, RIGHT)));
}

function driveRows(pen: Pen, { media }: DestructionCertificate): Row[] {
  const { identity, medium, sizeBytes, label } = media;
  return [
    { label: { fr: 'Marque, modèle', en: 'Maker, model' }, value: fact(pen, identity.model) },
    { label: { fr: 'N° de série', en: 'Serial no.' }, value: fact(pen, identity.serial) },
    ...labelRows(pen, identity),
    ...(label === null
      ? []
      : [{ label: { fr: 'Étiquette lue', en: 'Label as read' }, value: fact(pen, label) }]),
    { label: { fr: 'WWID', en: 'Worldwide id' }, value: fact(pen, identity.wwid, 5) },
    { label: { fr: 'Taille', en: 'Size' }, value: say(sizeBytes === null ? NOT_READ : amount(sizeBytes)) },
    { label: { fr: 'Support', en: 'Medium' }, value: say(MEDIA[medium]) },
  ];
}

function statedRows(pen: Pen, { destruction }: DestructionCertificate): Row[] {
  const { method, fragments, on, place, witness, slip } = destruction;
  return [
    { label: { fr: 'Méthode', en: 'Method' }, value: shout(DESTRUCTION_METHODS[method]) },
    {
      label: { fr: 'Morceaux', en: 'Fragments' },
      value: fragments
        ? [code(`DIN 66399 ${fragments}`)]
        : say({ fr: 'classe non déclarée', en: 'no class stated' }),
    },
    { label: { fr: 'Jour', en: 'Day' }, value: [code(on)] },
    { label: { fr: 'Lieu ou entreprise', en: 'Place or company' }, value: fact(pen, place, 4) },
    { label: { fr: 'Témoin', en: 'Witness' }, value: fact(pen, witness, 4) },
    { label: { fr: 'Bordereau n°', en: 'Slip no.' }, value: fact(pen, slip, 3) },
  ];
}

/** Why it lay in quarantine, by the record. */
function reasonPieces(pen: Pen, { quarantine }: DestructionCertificate): Piece[] {
  const title = { fr: 'Pourquoi en quarantaine', en: 'Why in quarantine' };
  return sentences(pen, title, [CAUSES[quarantine.cause], ...quarantine.reasons], '–');
}

function peoplePiece(pen: Pen, { destruction, issuedAt, issuer }: DestructionCertificate): Piece {
  const { statedBy, statedAt } = destruction;
  const people: Row[] = [
    { label: { fr: 'Déclaré par', en: 'Stated by' }, value: named(pen, statedBy) },
    { label: { fr: 'Atelier', en: 'Workshop' }, value: named(pen, issuer.workshop) },
  ];
  const times: Row[] = [
    { label: { fr: 'Déclaré le', en: 'Stated at' }, value: moment(statedAt) },
    { label: { fr: 'Délivré le', en: 'Issued at' }, value: moment(issuedAt) },
  ];
  return beside(
    section(pen, { fr: 'Qui', en: 'Who' }, LEFT, table(pen, people, LEFT)),
    section(pen, { fr: 'Quand', en: 'When' }, RIGHT, table(pen, times, RIGHT)),
  );
}

function tracesPiece(pen: Pen, { quarantine: { record, earlier } }: DestructionCertificate): Piece {
  const rows: Row[] = [
    { label: { fr: 'Relevé signé', en: 'Signed record' }, value: [code(record.recordId)] },
    { label: { fr: 'SHA-256 du relevé', en: 'of the record' }, value: [code(record.sha256)] },
    { label: { fr: 'Session', en: 'Session' }, value: [code(record.sessionId)] },
    ...(earlier === null
      ? []
      : [{ label: { fr: 'Essai d’effacement', en: 'Sanitization tried' }, value: [code(earlier)] }]),
  ];
  return section(pen, { fr: 'Traces', en: 'Records behind it' }, WHOLE, table(pen, rows, WHOLE, 0.27));
}
