import type { Progress } from '../sanitize/steps/step.ts';

export type Lang = 'fr' | 'en';

const PHASE = {
  fr: { write: 'écriture', 'read-back': 'relecture', scan: 'vérification', firmware: 'le disque' },
  en: { write: 'writing', 'read-back': 'reading back', scan: 'checking', firmware: 'the drive' },
} as const;

/** From 0 to 1; null where the drive does not say how far it is. */
export function partOf(progress: Progress): number | null {
  if (progress.phase === 'firmware') return progress.percent === null ? null : progress.percent / 100;
  return progress.totalBytes === 0 ? 1 : progress.doneBytes / progress.totalBytes;
}

/** One line, shorter than `width` columns: phase, bar, percentage, rate, time left. */
export function progressLine(progress: Progress, lang: Lang, width = 80): string {
  return progress.phase === 'firmware'
    ? firmwareLine(progress, lang, width)
    : transferLine(progress, lang, width);
}

type Firmware = Extract<Progress, { phase: 'firmware' }>;
type Transfer = Exclude<Progress, Firmware>;

/** A drive that erases itself has no rate; some say nothing at all until they have ended. */
function firmwareLine(progress: Firmware, lang: Lang, width: number): string {
  const name = PHASE[lang].firmware.padEnd(12);
  const part = partOf(progress);
  const how = part === null ? SILENT[lang] : `${bar(part, barWidth(width))} ${percent(part)}`;
  return `${name} ${how}`.slice(0, width - 1);
}

const SILENT = {
  fr: 's’efface lui-même, sans dire où il en est',
  en: 'erases itself, without saying how far it is',
};

function barWidth(width: number): number {
  return Math.min(24, Math.max(6, width - 50));
}

function transferLine(progress: Transfer, lang: Lang, width: number): string {
  const { phase, doneBytes, totalBytes, elapsedMs } = progress;
  const part = partOf(progress) ?? 0;
  const seconds = elapsedMs / 1000;
  const rate = seconds > 0 ? doneBytes / seconds : 0;
  const left = rate > 0 ? (totalBytes - doneBytes) / rate : null;
  const name = PHASE[lang][phase].padEnd(12);
  const line = `${name} ${bar(part, barWidth(width))} ${percent(part)}  ${rateText(rate, lang)}  ${leftText(left, lang)}`;
  return line.slice(0, width - 1);
}

function bar(part: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

function percent(part: number): string {
  return `${Math.floor(part * 100)}`.padStart(3) + ' %';
}

function rateText(bytesPerSecond: number, lang: Lang): string {
  const [unit, megabytes] = [lang === 'fr' ? 'Mo/s' : 'MB/s', bytesPerSecond / 1e6];
  return `${megabytes.toFixed(megabytes < 10 ? 1 : 0).padStart(5)} ${unit}`;
}

function leftText(seconds: number | null, lang: Lang): string {
  if (seconds === null) return '';
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const text = h > 0 ? `${h} h ${String(m).padStart(2, '0')}` : m > 0 ? `${m} min ${s} s` : `${s} s`;
  return lang === 'fr' ? `reste ${text}` : `${text} left`;
}
