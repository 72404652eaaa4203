import type { BadSectors, Heat, Phrase } from '@rebond/protocol';
import { amount, duration, grouped, THIN } from './pdf-words.ts';

/**
 * A line on what was seen. `loud` is what must not be overlooked, `code` a digest or a seed, the same in every language.
 * It may hold what a drive or a tool said: hostile.
 */
export type Line = Phrase & { loud?: boolean; code?: boolean };

const OFFSETS_SHOWN = 6;

export function badLines({ count: many, offsets: at, code }: BadSectors, what: Phrase): Line[] {
  if (many === 0) return [];
  const where = offsets(at, many);
  return [
    {
      fr: `${what.fr} : ${count(many)} (${code ?? '?'}), aux octets ${where.fr}`,
      en: `${what.en}: ${count(many, ',')} (${code ?? '?'}), at bytes ${where.en}`,
      loud: true,
    },
  ];
}

/** Pauses for heat; a drive that never needed one has no line. */
export function heatLines(heat: Heat | undefined): Line[] {
  if (!heat || heat.pauses === 0) return [];
  const { highest, limit, pauses, pausedMs } = heat;
  return [
    {
      fr: `${count(pauses)} pause${pauses > 1 ? 's' : ''} pour refroidir (${time(pausedMs)}) : jusqu’à ${highest} °C, limite ${limit} °C`,
      en: `${count(pauses, ',')} pause${pauses > 1 ? 's' : ''} to cool down (${time(pausedMs)}): up to ${highest} °C, limit ${limit} °C`,
    },
  ];
}

/** All of what was due, or how much of it. */
export function amountOf(bytes: number, due: number): Phrase {
  const { fr, en } = amount(bytes);
  if (bytes === due) return { fr: `tout, ${fr}`, en: `all, ${en}` };
  return bytes < due
    ? { fr: `EN PARTIE, ${fr}`, en: `IN PART, ${en}` }
    : { fr: `AUTRE COMPTE, ${fr}`, en: `ANOTHER COUNT, ${en}` };
}

export function atBytes(list: readonly number[], many: number): Line {
  const { fr, en } = offsets(list, many);
  return { fr: `aux octets ${fr}`, en: `at bytes ${en}`, loud: true };
}

export function offsets(list: readonly number[], many: number): Phrase {
  const shown = list.slice(0, OFFSETS_SHOWN).join(', ');
  const more = many > OFFSETS_SHOWN;
  return {
    fr: `${shown}${more ? ' … (suite dans le JSON)' : ''}`,
    en: `${shown}${more ? ' … (more in the JSON)' : ''}`,
  };
}

/** Never broken over two lines. */
export const time = (milliseconds: number): string => duration(milliseconds).replaceAll(' ', '\u00a0');
export const count = (value: number, separator = THIN): string => grouped(value, separator);
export const same = (text: string): Phrase => ({ fr: text, en: text });
export const joined = (one: Phrase, other: Phrase): Phrase => ({
  fr: `${one.fr} — ${other.fr}`,
  en: `${one.en} — ${other.en}`,
});
