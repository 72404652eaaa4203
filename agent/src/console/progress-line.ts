import { STEP_NAMES, visible } from '@rebond/protocol';
import type { Progress, WorkProgress } from '../sanitize/steps/step.ts';

export type Lang = 'fr' | 'en';

const PHASE = {
  fr: { write: 'écriture', 'read-back': 'relecture', scan: 'vérification', firmware: 'le disque' },
  en: { write: 'writing', 'read-back': 'reading back', scan: 'checking', firmware: 'the drive' },
} as const;

/** From 0 to 1; null where nobody says how far it is. */
export function partOf(progress: Progress): number | null {
  switch (progress.phase) {
    case 'begun':
      return null;
    case 'firmware':
      return progress.percent === null ? null : progress.percent / 100;
    case 'write':
    case 'read-back':
    case 'scan':
      return progress.totalBytes === 0 ? 1 : progress.doneBytes / progress.totalBytes;
  }
}

/** One line, shorter than `width` columns, for one drive: its name, step, bar, percentage, rate, time left, temperature. */
export function workLine({ path, technique, step, progress }: WorkProgress, lang: Lang, width = 80): string {
  const place = `${step.index + 1}/${step.of}`;
  const head = `${shortName(path).padEnd(NAME)} ${place.padEnd(3)} `;
  switch (progress.phase) {
    case 'begun':
      return (head + STEP_NAMES[step.kind][lang]).slice(0, width - 1);
    case 'firmware': {
      const part = partOf(progress);
      const what = step.kind === 'await-sanitize' ? STEP_NAMES[step.kind][lang] : technique;
      const tail = part === null && step.kind === 'firmware' ? [SILENT[lang]] : [what];
      return fitted(head + PHASE[lang].firmware.padEnd(PHASES), part, tail, width);
    }
    case 'write':
    case 'read-back':
    case 'scan':
      return fitted(
        head + PHASE[lang][progress.phase].padEnd(PHASES),
        partOf(progress),
        paceOf(progress, lang),
        width,
      );
  }
}

const NAME = 9;
const PHASES = 12;

/** The kernel's name of a drive, or the end of a file's. */
function shortName(path: string): string {
  const name = visible(path.slice(path.lastIndexOf('/') + 1), 60);
  return name.length <= NAME ? name : `…${name.slice(1 - NAME)}`;
}

const SILENT = {
  fr: 's’efface lui-même, sans dire où il en est',
  en: 'erases itself, without saying how far it is',
};

/** The bar takes what the words leave. */
function fitted(head: string, part: number | null, tail: readonly string[], width: number): string {
  if (part === null) return [head, ...tail].join(' ').slice(0, width - 1);
  const words = [percent(part), ...tail].join('  ');
  const room = width - head.length - words.length - 3;
  return `${head} ${bar(part, Math.min(24, Math.max(4, room)))} ${words}`.slice(0, width - 1);
}

type Transfer = Extract<Progress, { doneBytes: number }>;

function paceOf(
  { doneBytes, totalBytes, elapsedMs, bytesPerSecond, warmth }: Transfer,
  lang: Lang,
): string[] {
  const degrees = typeof warmth?.celsius === 'number' ? `${warmth.celsius} °C` : null;
  const until = warmth?.pausedUntil ?? null;
  if (until !== null) return [pausedText(degrees, until, lang)];
  const seconds = elapsedMs / 1000;
  const mean = seconds > 0 ? doneBytes / seconds : 0;
  const rate = bytesPerSecond ?? mean;
  const left = leftText(rate > 0 ? (totalBytes - doneBytes) / rate : null, lang);
  return [rateText(rate, lang), left, ...(degrees === null ? [] : [degrees])];
}

function pausedText(degrees: string | null, until: number, lang: Lang): string {
  return lang === 'fr'
    ? `TROP CHAUD : ${degrees ?? '?'}, reprise à ${until} °C`
    : `TOO HOT: ${degrees ?? '?'}, goes on at ${until} °C`;
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
