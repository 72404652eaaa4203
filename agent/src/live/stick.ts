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
  keeper: Pick<Keeper, 'home' | 'journals' | 'left'>,
  voice: Pick<Voice, 'tell'>,
  code: string | null,
): StickHolder {
  let file: StickFile | null = null;
  let waiting = code;
  let writing = false;
  return {
    file: () => file,
    writing: () => writing,
    read: async () => {
      const [home, journals] = [keeper.home(), keeper.journals()];
      if (!home) return;
      try {
        file = (await readStick(home)) ?? file;
      } catch (error) {
        voice.tell(error instanceof StickDamaged ? DAMAGED : unreadable(error), 'alarm');
      }
      // Cut between the pairing and the removal of its code.
      if (file && waiting !== null) await forgetCode(home).catch(() => {});
      if (file) waiting = null;
      // What cannot be read now is asked for again by the session, and the stick stays in until then.
      keeper.left.found(
        journals
          ? await leftJournals(journals).then(
              ({ length }) => length,
              () => 1,
            )
          : 0,
      );
    },
    pair: async (link) => {
      const home = keeper.home();
      if (waiting === null || !home || writing) return;
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

const DAMAGED = {
  fr: 'Le fichier stick.json de la clé est abîmé : elle ne peut répondre d’aucune session avant d’être appairée de nouveau. Les fiches gardées ne sont pas touchées.',
  en: 'The file stick.json of the stick is damaged: it can vouch for no session until it is paired again. The records kept are not touched.',
};
