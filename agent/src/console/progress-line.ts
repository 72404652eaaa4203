import type { Progress } from '../sanitize/steps/step.ts';

export type Lang = 'fr' | 'en';

const PHASE = {
  fr: { write: 'écriture', 'read-back': 'relecture' },
  en: { write: 'writing', 'read-back': 'reading back' },
} as const;

/** One line, shorter than `width` columns: phase, bar, percentage, rate, time left. */
export function progressLine(
  { phase, doneBytes, totalBytes, elapsedMs }: Progress,
  lang: Lang,
  width = 80,
): string {
  const part = totalBytes === 0 ? 1 : doneBytes / totalBytes;
  const seconds = elapsedMs / 1000;
  const rate = seconds > 0 ? doneBytes / seconds : 0;
  const left = rate > 0 ? (totalBytes - doneBytes) / rate : null;
  const name = PHASE[lang][phase].padEnd(12);
  const line = `${name} ${bar(part, Math.min(24, Math.max(6, width - 50)))} ${percent(part)}  ${rateText(rate, lang)}  ${leftText(left, lang)}`;
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
