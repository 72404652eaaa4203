import type { CertificateV1, DriveError, Phrase } from '@rebond/protocol';
import type { Row, Text } from './pdf-layout.ts';
import type { Pen } from './pdf-pen.ts';
import { afterTexts } from './pdf-after.ts';
import { code, paragraph, say, shout, told } from './pdf-values.ts';
import { duration, grouped, THIN } from './pdf-words.ts';

const OFFSETS_SHOWN = 6;
const ERRORS_SHOWN = 3;
const NOTHING: Phrase = { fr: 'RIEN n’a été vu', en: 'NOTHING was seen' };

/** What was seen by a plan of version 1, one row for each link of the chain that `judge()` asks for. */
export function evidenceRowsV1(pen: Pen, { media, verification }: CertificateV1): Row[] {
  const seen = verification.observations;
  const { written, flushed, readBack, after, stopped } = seen;
  const total = media.sizeBytes;
  return [
    { label: { fr: 'Écrit', en: 'Written' }, value: writtenTexts(written, total) },
    { label: { fr: 'Cache vidé', en: 'Cache flushed' }, value: flushed ? say(FLUSHED) : shout(NOT_FLUSHED) },
    { label: { fr: 'Relu, identique', en: 'Read back, equal' }, value: readBackTexts(readBack, total) },
    { label: { fr: 'Secteurs différents', en: 'Sectors that differ' }, value: mismatchTexts(readBack) },
    { label: { fr: 'Erreurs du disque', en: 'Drive errors' }, value: errorTexts(pen, written, readBack) },
    { label: { fr: 'Identité à la fin', en: 'Identity at the end' }, value: afterTexts(pen, after, media) },
    { label: { fr: 'Durées : écrire, relire', en: 'Durations: write, read' }, value: durationTexts(seen) },
    ...(stopped
      ? [{ label: { fr: 'Arrêté avant la fin', en: 'Stopped early' }, value: told(pen, stopped) }]
      : []),
  ];
}

type Seen = CertificateV1['verification']['observations'];

const FLUSHED: Phrase = { fr: 'confirmé par le disque', en: 'acknowledged by the drive' };
const NOT_FLUSHED: Phrase = { fr: 'NON confirmé', en: 'NOT acknowledged' };

function writtenTexts(written: Seen['written'], total: number): Text[] {
  return written ? countTexts('', '', written.bytes, total) : shout(NOTHING);
}

function readBackTexts(readBack: Seen['readBack'], total: number): Text[] {
  if (!readBack) return shout(NOTHING);
  const { bytes, matchedBytes, direct } = readBack;
  const whole = bytes === total && matchedBytes === total;
  const texts = whole
    ? countTexts('', '', bytes, total)
    : [
        ...countTexts('relu : ', 'read back: ', bytes, total),
        ...countTexts('identique : ', 'equal: ', matchedBytes, total),
      ];
  return direct ? texts : [...texts, ...shout(CACHED)];
}

/** A count of bytes, and whether it is all of the drive. */
function countTexts(fr: string, en: string, bytes: number, total: number): Text[] {
  const [french, english] = [`${grouped(bytes, THIN)} octets`, `${grouped(bytes, ',')} bytes`];
  return bytes === total
    ? say(both(`${fr}tout, ${french}`, `${en}all, ${english}`))
    : shout(
        bytes < total
          ? both(`${fr}EN PARTIE, ${french}`, `${en}IN PART, ${english}`)
          : both(`${fr}AUTRE COMPTE, ${french}`, `${en}ANOTHER COUNT, ${english}`),
      );
}

function durationTexts({ written, readBack }: Seen): Text[] {
  const [writing, reading] = [written, readBack].map((work) => (work ? duration(work.durationMs) : '—'));
  return [code(`${writing}, ${reading}`)];
}

const CACHED: Phrase = {
  fr: 'à travers le cache du système, non contourné',
  en: 'through the system’s cache, which was not bypassed',
};

function mismatchTexts(readBack: Seen['readBack']): Text[] {
  if (!readBack) return shout(NOTHING);
  const { mismatchedSectors, mismatches } = readBack;
  if (mismatchedSectors === 0) return say(both('aucun', 'none'));
  const shown = mismatches.slice(0, OFFSETS_SHOWN).join(', ');
  const [fr, en] =
    mismatchedSectors > OFFSETS_SHOWN ? [' … (suite dans le JSON)', ' … (more in the JSON)'] : ['', ''];
  return shout(
    both(`${mismatchedSectors}, aux octets ${shown}${fr}`, `${mismatchedSectors}, at bytes ${shown}${en}`),
  );
}

function errorTexts(pen: Pen, written: Seen['written'], readBack: Seen['readBack']): Text[] {
  const writing = written?.errors ?? [];
  const reading = readBack?.errors ?? [];
  if (writing.length + reading.length === 0)
    return say(written || readBack ? both('aucune vue', 'none seen') : NOTHING);
  const counts = both(
    `écriture : ${writing.length}, relecture : ${reading.length}`,
    `writing: ${writing.length}, reading back: ${reading.length}`,
  );
  const first = [...writing, ...reading].slice(0, ERRORS_SHOWN).map((error) => errorText(pen, error));
  return [...shout(counts), ...first];
}

function errorText(pen: Pen, { offset, code }: DriveError): Text {
  return { ...paragraph(pen, `${code} @ ${offset}`), maxLines: 2 };
}

const both = (fr: string, en: string): Phrase => ({ fr, en });
