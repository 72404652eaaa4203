import type { Phrase } from '@rebond/protocol';
import type { Row } from '../console/live-frame.ts';
import type { LiveScreen } from '../console/live-screen.ts';
import type { Lang } from '../console/progress-line.ts';

/** The screen in the technician's language. */
export type Voice = {
  lang: Lang;
  tell: (phrase: Phrase, style?: Row['style']) => void;
  say: (line: string, style?: Row['style']) => void;
  /** One line typed, blanks around it gone; null when `signal` ended the wait. */
  ask: (question: () => Phrase, signal?: AbortSignal) => Promise<string | null>;
  now: (what: Phrase, progress?: string) => void;
};

export function voiceOf(screen: LiveScreen, lang: Lang): Voice {
  return {
    lang,
    tell: (phrase, style) => screen.say(`  ${phrase[lang]}`, style),
    say: screen.say,
    ask: async (question, signal) => (await screen.ask(() => question()[lang], signal))?.trim() ?? null,
    now: (what, progress) => screen.now(what[lang], progress),
  };
}
