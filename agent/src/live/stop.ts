import type { Phrase } from '@rebond/protocol';
import { wordMatches } from '../decide/power.ts';
import type { Voice } from './voice.ts';

/** Stopping the wipes of one session by a typed word; a key pressed by mistake does nothing. */
export type StopQuestion = { signal: AbortSignal; begin(): void; end(): void };

const WORDS: Phrase = { fr: 'ARRÊTER', en: 'STOP' };
const QUESTION: Phrase = {
  fr: `Rien à faire. Pour tout arrêter (résultat INCONNU), tapez ${WORDS.fr} :`,
  en: `Nothing to do. To stop everything (result UNKNOWN), type ${WORDS.en}:`,
};

/** @param ending aborted when the whole agent is asked to end */
export function stopQuestion(voice: Pick<Voice, 'stand' | 'tell'>, ending: AbortSignal): StopQuestion {
  const stop = new AbortController();
  const over = new AbortController();
  let begun = false;
  const hears = (typed: string): boolean => {
    if (!wordMatches(WORDS.fr, typed) && !wordMatches(WORDS.en, typed)) return false;
    voice.tell({ fr: 'Arrêt demandé…', en: 'Stopping…' }, 'alarm');
    stop.abort();
    over.abort();
    return true;
  };
  return {
    signal: AbortSignal.any([stop.signal, ending]),
    begin: () => {
      if (!begun) void voice.stand(() => QUESTION, hears, over.signal);
      begun = true;
    },
    end: () => over.abort(),
  };
}
