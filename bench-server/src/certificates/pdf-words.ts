import { type Certificate, type Clock, type Phrase, REHEARSAL_NOTICE } from '@rebond/protocol';
import { OUTCOMES } from './pdf-names.ts';

/** What kind of document this is to the eye: a rehearsal is one before all else. */
export type Mood = 'rehearsal' | 'done' | 'failed' | 'unknown';

/** A notice where there should be none is believed: nobody may take an exercise for the real thing. */
export function moodOf(certificate: Certificate): Mood {
  const rehearsal = certificate.mode === 'rehearsal' || certificate.notice !== null;
  return rehearsal ? 'rehearsal' : certificate.outcome;
}

/** The band at the top and the bottom of every page. */
export const BANDS: Readonly<Record<Exclude<Mood, 'done'>, Phrase>> = {
  rehearsal: REHEARSAL_NOTICE,
  failed: {
    fr: 'ÉCHEC — ce disque est à traiter comme NON EFFACÉ : il peut encore contenir des données.',
    en: 'FAILED — treat this drive as NOT SANITIZED: it may still hold data.',
  },
  unknown: {
    fr: 'INCONNU — ce disque est à traiter comme NON EFFACÉ : ce qui a été vu ne suffit pas pour conclure.',
    en: 'UNKNOWN — treat this drive as NOT SANITIZED: what was seen is not enough to conclude.',
  },
};

/** The large word across every page. */
export const WATERMARKS: Readonly<Record<Exclude<Mood, 'done'>, Phrase>> = {
  rehearsal: { fr: 'RÉPÉTITION', en: 'REHEARSAL' },
  failed: { fr: 'ÉCHEC', en: 'FAILED' },
  unknown: { fr: 'INCONNU', en: 'UNKNOWN' },
};

/** The outcome's words. A rehearsal says so in the same breath, so that a cropped picture says it too. */
export function outcomeWords({ outcome, ...certificate }: Certificate): Phrase {
  const words = OUTCOMES[outcome];
  if (moodOf({ outcome, ...certificate }) !== 'rehearsal') return words;
  return { fr: `RÉPÉTITION : ${words.fr}`, en: `REHEARSAL: ${words.en}` };
}

/** One sentence under the outcome's words. */
export function outcomeMeaning(certificate: Certificate): Phrase {
  if (moodOf(certificate) === 'rehearsal') return REHEARSAL_NOTICE;
  if (certificate.outcome !== 'done') return BANDS[certificate.outcome];
  return {
    fr: 'Technique menée à son terme ; relecture complète conforme.',
    en: 'The technique ran to completion; the full read-back matches.',
  };
}

/** How far a person has gone, in a word. */
export const DECISIONS: Readonly<Record<Certificate['validation']['decision'], Phrase>> = {
  pending: { fr: 'EN ATTENTE', en: 'PENDING' },
  approved: { fr: 'APPROUVÉ', en: 'APPROVED' },
  rejected: { fr: 'REJETÉ', en: 'REJECTED' },
};

export const NOT_READ: Phrase = { fr: 'non lu', en: 'not read' };
export const EMPTY: Phrase = { fr: '(texte vide)', en: '(empty text)' };

/** `2026-03-14 13:05:09 UTC`. */
export function momentOf({ wall }: Clock): string {
  return `${wall.slice(0, 10)} ${wall.slice(11, 19)} UTC`;
}

/** Narrow no-break space, between groups of digits in French. */
export const THIN = '\u202f';

/** A size in bytes, and in decimal units from a million on. */
export function amount(bytes: number): Phrase {
  const whole = { fr: `${grouped(bytes, THIN)} octets`, en: `${grouped(bytes, ',')} bytes` };
  if (bytes < 1e6) return whole;
  const [size, prefix] = bytes >= 1e9 ? [bytes / 1e9, 'G'] : [bytes / 1e6, 'M'];
  const short = size.toFixed(1);
  return {
    fr: `${whole.fr} (${short.replace('.', ',')} ${prefix}o)`,
    en: `${whole.en} (${short} ${prefix}B)`,
  };
}

/** Digits in groups of three. */
export function grouped(count: number, separator: string): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, separator);
}

/** Milliseconds as `1 h 02 min 03 s`, the same in both languages. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = Math.round(milliseconds / 1000);
  const two = (count: number) => String(count).padStart(2, '0');
  const minutes = Math.floor(seconds / 60) % 60;
  return `${Math.floor(seconds / 3600)} h ${two(minutes)} min ${two(seconds % 60)} s`;
}
