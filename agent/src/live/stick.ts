import type { Phrase } from '@rebond/protocol';
import { readStick, StickDamaged, type StickFile } from '../report/credentials.ts';
import { leftJournals } from '../report/journal.ts';
import { enrol, enrolledPhrase, forgetCode } from './enrol.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
import type { Voice } from './voice.ts';

/** The key by which this stick vouches, and how it came to it. */
export type StickHolder = {
  file: () => StickFile | null;
  writing: () => boolean;
  /** Reads what the stick holds: its key, and journals of sessions that were cut off. */
  read: () => Promise<void>;
  /** Uses the single-use code of config.json, once a server answers. */
  pair: (link: Link) => Promise<void>;
};

export function stickHolder(
  keeper: Pick<Keeper, 'home' | 'earlier' | 'left'>,
  voice: Pick<Voice, 'tell'>,
  code: string | null,
): StickHolder {
  let file: StickFile | null = null;
  let waiting = code;
  let [writing, told] = [false, false];
  return {
    file: () => file,
    writing: () => writing,
    read: async () => {
      let left = 0;
      for (const { home, journals } of keeper.earlier()) {
        try {
          file = (await readStick(home)) ?? file;
        } catch (error) {
          voice.tell(error instanceof StickDamaged ? DAMAGED : unreadable(error), 'alarm');
        }
        // What cannot be read now is asked for again by the session, and the stick stays in until then.
        left += await leftJournals(journals).then(
          ({ length }) => length,
          () => 1,
        );
      }
      const home = keeper.home();
      // Cut between the pairing and the removal of its code.
      if (file && waiting !== null && home) await forgetCode(home).catch(() => {});
      if (file) waiting = null;
      keeper.left.found(left);
    },
    pair: async (link) => {
      const home = keeper.home();
      if (waiting === null || writing) return;
      if (!home) {
        // Without a place for its key the code would be used up for nothing.
        if (!told && keeper.earlier().length > 0) voice.tell(NOT_PAIRED, 'alarm');
        told ||= keeper.earlier().length > 0;
        return;
      }
      const once = waiting;
      waiting = null;
      writing = true;
      try {
        const enrolled = await enrol(once, link, home);
        if (enrolled.kind === 'later') waiting = once;
        else voice.tell(enrolledPhrase(enrolled), enrolled.kind === 'paired' ? 'strong' : 'alarm');
        if (enrolled.kind === 'paired') file = enrolled.stick;
      } finally {
        writing = false;
      }
    },
  };
}

function unreadable(error: unknown): Phrase {
  const why = (error as NodeJS.ErrnoException).code ?? '?';
  return {
    fr: `La clé se lit mal (${why}) : elle ne peut répondre d’aucune session. Changez de clé si cela revient.`,
    en: `The stick reads badly (${why}): it can vouch for no session. Change it if this comes back.`,
  };
}

const NOT_PAIRED = {
  fr: 'La clé n’accepte pas d’écriture : elle n’est pas appairée, et son code n’est pas utilisé. Les sessions s’ouvrent avec un code de l’atelier.',
  en: 'The stick takes no write: it is not paired, and its code is not used. Sessions are opened with a code of the workshop.',
};

const DAMAGED = {
  fr: 'Le fichier stick.json de la clé est abîmé : elle ne peut répondre d’aucune session avant d’être appairée de nouveau. Les fiches gardées ne sont pas touchées.',
  en: 'The file stick.json of the stick is damaged: it can vouch for no session until it is paired again. The records kept are not touched.',
};
