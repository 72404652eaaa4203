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
export function stopQuestion(voice: Pick<Voice, 'ask' | 'tell'>, ending: AbortSignal): StopQuestion {
  const stop = new AbortController();
  const over = new AbortController();
  let begun = false;
  const wait = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const typed = await voice.ask(() => QUESTION, over.signal);
      if (!wordMatches(WORDS.fr, typed) && !wordMatches(WORDS.en, typed)) continue;
      voice.tell({ fr: 'Arrêt demandé…', en: 'Stopping…' }, 'alarm');
      stop.abort();
      return;
    }
  };
  return {
    signal: AbortSignal.any([stop.signal, ending]),
    begin: () => {
      if (!begun) void wait();
      begun = true;
    },
    end: () => over.abort(),
  };
}
