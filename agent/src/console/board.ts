import { type Phrase, type SanitizePlan, TECHNIQUE_NAMES, visible } from '@rebond/protocol';
import type { WorkProgress } from '../sanitize/steps/step.ts';
import type { SessionEvent } from '../session.ts';
import { type Lang, partOf, workLine } from './progress-line.ts';

/** The drives that are worked on right now: a line for each, in the order in which they began. */
export type Board = {
  /** Takes note of an event. @returns whether it changed what the board shows */
  note(event: SessionEvent): boolean;
  /** Lines shorter than `width`, at most `rows`; of drives beyond them the last line tells. */
  lines(width: number, rows: number): string[];
};

export function board(lang: Lang): Board {
  const working = new Map<string, WorkProgress | null>();
  return {
    note: (event) => {
      if (event.kind === 'begun') {
        working.set(event.plan.target.path, null);
        return true;
      }
      if (event.kind === 'ended') return working.delete(event.plan.target.path);
      // What a step still says after its plan ended is nothing any more.
      if (event.kind !== 'progress' || !working.has(event.work.path)) return false;
      working.set(event.work.path, event.work);
      return true;
    },
    lines: (width, rows) => {
      const all = Array.from(working.values()).filter((work) => work !== null);
      const shown = all.length <= rows ? all : all.slice(0, Math.max(0, rows - 1));
      const lines = shown.map((work) => workLine(work, lang, width));
      return all.length === shown.length ? lines : [...lines, others(all.slice(shown.length), lang, width)];
    },
  };
}

/** That a drive's work begins: which of how many, and by what. */
export function begunLine(
  { plan, index, of }: { plan: SanitizePlan; index: number; of: number },
  lang: Lang,
): string {
  const place = of > 1 ? ` (${index + 1}/${of})` : '';
  return `${SANITIZING[lang]}${place} : ${visible(plan.target.path, 60)} — ${TECHNIQUE_NAMES[plan.technique][lang]}`;
}

export const SANITIZING: Phrase = { fr: 'Effacement et relecture', en: 'Sanitizing and reading back' };

function others(hidden: readonly WorkProgress[], lang: Lang, width: number): string {
  const parts = hidden.map(({ progress }) => partOf(progress)).filter((part) => part !== null);
  const least = parts.length === 0 ? '' : ` ${Math.floor(Math.min(...parts) * 100)} %`;
  const line =
    lang === 'fr'
      ? `… et ${hidden.length} autres disques, le moins avancé :${least || ' ?'}`
      : `… and ${hidden.length} more drives, the one least far:${least || ' ?'}`;
  return line.slice(0, width - 1);
}

/** When a log, which cannot be redrawn, takes another line of a drive: at each part of so many of its way. */
export function logSteps(parts: number): (work: WorkProgress) => boolean {
  const told = new Map<string, string>();
  return ({ path, step, progress }) => {
    const now = `${step.index} ${progress.phase} ${Math.floor((partOf(progress) ?? 0) * parts)}`;
    if (told.get(path) === now) return false;
    told.set(path, now);
    return true;
  };
}
