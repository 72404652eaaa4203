import type { Drive, Phrase } from '@rebond/protocol';
import { labelTyped } from '../decide/property-label.ts';
import { driveName } from './drive-name.ts';
import type { Lang } from './progress-line.ts';

/** How a person is asked, on whichever screen. */
export type LabelVoice = {
  lang: Lang;
  say: (line: string) => void;
  tell: (phrase: Phrase, style?: 'alarm') => void;
  /** One line typed; null or blank leaves the drive as it is. */
  ask: (question: () => Phrase) => Promise<string | null>;
};

/**
 * Asks for the number of a label of the workshop that was stuck on a drive without a serial number, twice, for nothing
 * else will tell a slip of the finger. @returns the label, or null where the drive is to be left alone
 */
export async function askLabel(
  drive: Drive,
  all: readonly Drive[],
  voice: LabelVoice,
): Promise<string | null> {
  voice.say('');
  voice.say(`  ${driveName(drive, voice.lang)}`);
  voice.tell(NO_NUMBER);
  for (;;) {
    const first = labelTyped(await voice.ask(() => QUESTION), all);
    if (first.kind === 'none') {
      voice.tell(LEFT);
      return null;
    }
    if (first.kind !== 'label') {
      voice.tell(first.kind === 'taken' ? TAKEN : MALFORMED, 'alarm');
      continue;
    }
    const second = labelTyped(await voice.ask(() => AGAIN), all);
    if (second.kind === 'label' && second.label === first.label) return first.label;
    voice.tell(DIFFERENT, 'alarm');
  }
}

const NO_NUMBER: Phrase = {
  fr: 'Ce disque ne dit aucun numéro de série. Collez-lui une étiquette de l’atelier : les documents la nommeront, et diront que ce n’est pas son numéro.',
  en: 'This drive tells no serial number. Stick a label of the workshop on it: the documents will name it, and say that it is not its own number.',
};
const QUESTION: Phrase = {
  fr: 'Numéro de l’étiquette (3 à 24 lettres, chiffres ou tirets), ou Entrée pour ne pas toucher à ce disque :',
  en: 'Number on the label (3 to 24 letters, digits or hyphens), or Enter to leave this drive alone:',
};
const AGAIN: Phrase = {
  fr: 'Encore une fois, lu sur l’étiquette collée :',
  en: 'Once more, as read from the label that is stuck on:',
};
const LEFT: Phrase = { fr: 'Ce disque ne sera pas touché.', en: 'This drive will not be touched.' };
const TAKEN: Phrase = {
  fr: 'Un autre disque de cette machine porte déjà ce numéro : prenez une autre étiquette.',
  en: 'Another drive of this machine bears this number already: take another label.',
};
const MALFORMED: Phrase = {
  fr: 'Ce n’est pas un numéro d’étiquette : 3 à 24 lettres sans accents, chiffres ou tirets, sans tiret au bout. Rien n’est touché.',
  en: 'That is no label number: 3 to 24 letters without accents, digits or hyphens, no hyphen at its ends. Nothing is touched.',
};
const DIFFERENT: Phrase = {
  fr: 'Les deux fois ne se ressemblent pas : recommencez. Rien n’est touché.',
  en: 'The two do not match: begin again. Nothing is touched.',
};
