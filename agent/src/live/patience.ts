import type { Asking } from '../leftover/asking.ts';
import type { Voice } from './voice.ts';

/** A wipe takes hours, and nobody may be there at its end: the record must not wait for an answer for ever. */
export const PATIENCE_MS = 5 * 60_000;

/** Asks as long as somebody answers. Once a question stood for `patienceMs` unanswered, nobody is there: all others too. */
export function whileSomebodyIsThere(
  voice: Pick<Voice, 'ask' | 'tell'>,
  signal: AbortSignal,
  patienceMs: number,
): Asking {
  let gone = false;
  return {
    tell: (phrase, style) => voice.tell(phrase, style),
    ask: async (question) => {
      if (gone || signal.aborted || patienceMs === 0) return null;
      const typed = await voice.ask(question, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
      gone = typed === null;
      return typed;
    },
  };
}
