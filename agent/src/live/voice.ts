import type { Phrase } from '@rebond/protocol';
import type { Row } from '../console/live-frame.ts';
import type { LiveScreen } from '../console/live-screen.ts';
import type { Lang } from '../console/progress-line.ts';
import { turns } from '../sanitize/turns.ts';

/** The screen in the technician's language. */
export type Voice = {
  lang: Lang;
  tell: (phrase: Phrase, style?: Row['style']) => void;
  say: (line: string, style?: Row['style']) => void;
  /**
   * One line typed, blanks around it gone; null when `signal` ended the wait. One question at a time, in the order in
   * which they were asked.
   */
  ask: (question: () => Phrase, signal?: AbortSignal) => Promise<string | null>;
  /**
   * A question that stands wherever nothing else is asked. Each line typed goes to `hears` first, whatever is asked just
   * then: true where it was meant.
   */
  stand: (question: () => Phrase, hears: (typed: string) => boolean, signal: AbortSignal) => Promise<void>;
  now: (what: Phrase, progress?: string) => void;
};

export function voiceOf(screen: LiveScreen, lang: Lang): Voice {
  const questions = turns();
  let standing: ((typed: string) => boolean) | null = null;
  let aside = new AbortController();
  const put = async (question: () => Phrase, signal?: AbortSignal): Promise<string | null> =>
    (await screen.ask(() => question()[lang], signal))?.trim() ?? null;
  return {
    lang,
    tell: (phrase, style) => screen.say(`  ${phrase[lang]}`, style),
    say: screen.say,
    ask: async (question, signal) => {
      aside.abort();
      return await questions.alone(async () => {
        for (;;) {
          const typed = await put(question, signal);
          if (typed === null || !standing?.(typed)) return typed;
        }
      });
    },
    stand: async (question, hears, signal) => {
      standing = hears;
      for (let heard = false; !heard && !signal.aborted;) {
        aside = new AbortController();
        const until = AbortSignal.any([aside.signal, signal]);
        const typed = await questions.alone(() => put(question, until));
        heard = typed !== null && hears(typed);
      }
      standing = null;
    },
    now: (what, progress) => screen.now(what[lang], progress === undefined ? [] : [progress]),
  };
}
