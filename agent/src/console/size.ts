import type { Lang } from './progress-line.ts';

const UNITS = {
  drive: { base: 1000, fr: ['o', 'ko', 'Mo', 'Go'], en: ['B', 'kB', 'MB', 'GB'] },
  memory: { base: 1024, fr: ['o', 'Kio', 'Mio', 'Gio'], en: ['B', 'KiB', 'MiB', 'GiB'] },
} as const;

/**
 * Bytes for people. Drives are sold in powers of 1000 (`Go`, `GB`), memory in powers of 1024 (`Gio`, `GiB`); what is
 * smaller than one of those is told in the unit below, never as 0.0.
 * @param digits after the comma, in the greatest unit
 */
export function sizeText(bytes: number, lang: Lang, kind: keyof typeof UNITS, digits = 1): string {
  const { base, [lang]: units } = UNITS[kind];
  let [value, power] = [bytes, 0];
  for (; power < units.length - 1 && value >= base; power += 1) value /= base;
  const figure = value.toFixed(power === units.length - 1 ? digits : 0);
  return `${lang === 'fr' ? figure.replace('.', ',') : figure} ${units[power]}`;
}
