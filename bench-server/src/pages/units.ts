import type { Frame } from './frame.ts';

/** Decimal, as drives are sold. */
export function bytes({ language, say }: Frame, count: number | null | undefined): string {
  if (count === null || count === undefined) return say('taille inconnue', 'size unknown');
  const units = language === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
  return scaled(language, count, 1000, units);
}

/** Binary, as memory is built. */
export function binaryBytes({ language, say }: Frame, count: number | null): string {
  if (count === null) return say('taille inconnue', 'size unknown');
  const units = language === 'fr' ? ['o', 'Kio', 'Mio', 'Gio', 'Tio'] : ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  return scaled(language, count, 1024, units);
}

function scaled(language: string, count: number, base: number, units: readonly string[]): string {
  const power = count < base ? 0 : Math.min(units.length - 1, Math.floor(Math.log(count) / Math.log(base)));
  const value = count / base ** power;
  return `${number(language, value, value < 100 && power > 0 ? 1 : 0)} ${units[power]}`;
}

export function number(language: string, value: number, digits = 0): string {
  return new Intl.NumberFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    maximumFractionDigits: digits,
  }).format(value);
}

export function duration({ language, say }: Frame, milliseconds: number | null): string {
  if (milliseconds === null) return say('durée inconnue', 'duration unknown');
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${number(language, milliseconds / 1000, 1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** `plural(frame, 2, ['disque', 'disques'], ['drive', 'drives'])`: in French zero is singular. */
export function plural(
  { say }: Frame,
  count: number,
  fr: readonly [string, string],
  en: readonly [string, string],
): string {
  return say(fr[count < 2 ? 0 : 1], en[count === 1 ? 0 : 1]);
}
