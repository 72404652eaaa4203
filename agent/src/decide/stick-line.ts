import type { Phrase } from '@rebond/protocol';
import type { RamState } from '../parse/live-state.ts';

/** All that bears on whether the stick may leave. */
export type StickFacts = {
  /** A stick or another medium that keeps things is plugged in, or the system still runs from a medium. */
  plugged: boolean;
  /** Null: the copy to memory has not begun. */
  ram: RamState | null;
  /** The server answered the last time it was asked. */
  serverReached: boolean;
  /** Lines of this session's journal that no server acknowledged; null while nothing says. 0 outside a session. */
  journalBehind: number | null;
  /** Records that no server acknowledged, on the stick or in memory. */
  unsentRecords: number;
  /** Journals of cut-off sessions whose account is not given yet. */
  leftJournals: number;
  /** Something is being written to the stick right now: an update, a pairing. */
  writing: boolean;
};

export type StickLine = {
  state: 'pull' | 'keep' | 'none';
  /** One of three sentences, word for word. */
  sentence: Phrase;
  /** Why; null where the sentence says it all. */
  because: Phrase | null;
};

/** What the screen says of the stick. The word to pull needs every condition; anything unknown keeps it in. */
export function stickLine(facts: StickFacts): StickLine {
  if (!facts.plugged) return { state: 'none', sentence: NONE, because: withoutStick(facts) };
  const because = whyKeep(facts);
  if (because === null) return { state: 'pull', sentence: PULL, because: null };
  return { state: 'keep', sentence: KEEP, because };
}

function whyKeep(facts: StickFacts): Phrase | null {
  const { ram, serverReached, journalBehind, unsentRecords, leftJournals, writing } = facts;
  if (writing) return { fr: 'elle est en cours d’écriture', en: 'it is being written to' };
  if (ram === null) return { fr: 'le système tourne depuis la clé', en: 'the system runs from it' };
  if (ram.state === 'loading') {
    const percent = Math.floor(ram.percent);
    return { fr: `chargement en mémoire : ${percent} %`, en: `loading to memory: ${percent} %` };
  }
  if (ram.state === 'medium') return FROM_MEDIUM[ram.reason];
  if (unsentRecords > 0) {
    return unsentRecords === 1
      ? { fr: 'une fiche n’est pas encore reçue', en: 'one record is not received yet' }
      : {
          fr: `${unsentRecords} fiches ne sont pas encore reçues`,
          en: `${unsentRecords} records are not received yet`,
        };
  }
  if (!serverReached) return { fr: 'le serveur n’est pas joint', en: 'the server is not reached' };
  if (leftJournals > 0) {
    return { fr: 'une session coupée attend son compte rendu', en: 'a session cut off awaits its account' };
  }
  if (journalBehind !== 0) {
    return { fr: 'le serveur n’a pas tout le journal', en: 'the server lacks a part of the journal' };
  }
  return null;
}

function withoutStick({ serverReached, journalBehind, unsentRecords }: StickFacts): Phrase {
  if (unsentRecords > 0) {
    return {
      fr: 'des fiches ne sont QU’EN MÉMOIRE : n’éteignez pas',
      en: 'records are IN MEMORY ONLY: do not power off',
    };
  }
  return serverReached && journalBehind === 0
    ? { fr: 'le serveur seul garde le journal', en: 'the server alone keeps the journal' }
    : { fr: 'et rien ne garde le journal', en: 'and nothing keeps the journal' };
}

const PULL: Phrase = { fr: 'Vous pouvez retirer la clé.', en: 'You may pull the stick.' };
const KEEP: Phrase = { fr: 'Laissez la clé en place.', en: 'Keep the stick in.' };
const NONE: Phrase = { fr: 'Pas de clé', en: 'No stick' };

const FROM_MEDIUM = {
  memory: { fr: 'trop peu de mémoire pour s’en passer', en: 'too little memory to do without it' },
  damaged: { fr: 'l’image de la clé est ABÎMÉE', en: 'the image on the stick is DAMAGED' },
  error: {
    fr: 'le système n’a pas pu être copié en mémoire',
    en: 'the system could not be copied to memory',
  },
} as const satisfies Record<string, Phrase>;
