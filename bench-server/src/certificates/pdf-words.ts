import type { Certificate, Clock, Phrase } from '@rebond/protocol';

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
