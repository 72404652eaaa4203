import type { Phrase } from '@rebond/protocol';
import { type PowerFacts, powerRule, wordMatches } from '../decide/power.ts';
import type { Voice } from './voice.ts';

/** Switching off or starting again, as far as what is not sent yet allows. @returns true when it is under way */
export async function leave(
  way: 'poweroff' | 'reboot',
  facts: PowerFacts,
  voice: Pick<Voice, 'ask' | 'tell' | 'lang'>,
  go: (way: 'poweroff' | 'reboot') => Promise<boolean>,
): Promise<boolean> {
  const rule = powerRule(facts);
  if (rule.kind === 'refused') {
    voice.tell(rule.why, 'alarm');
    return false;
  }
  if (rule.kind === 'ask') {
    voice.tell(rule.why, 'alarm');
    const typed = await voice.ask(() => typeTheWord(rule.word));
    if (!wordMatches(rule.word.fr, typed) && !wordMatches(rule.word.en, typed)) {
      voice.tell({ fr: 'La machine reste allumée.', en: 'The machine stays on.' });
      return false;
    }
  }
  voice.tell(way === 'poweroff' ? OFF : AGAIN, 'strong');
  if (await go(way)) return true;
  voice.tell(
    {
      fr: 'Le système n’obéit pas ; le bouton de la machine, tenu longtemps, l’éteint.',
      en: 'The system does not obey; the machine’s button, held down long, switches it off.',
    },
    'alarm',
  );
  return false;
}

function typeTheWord({ fr, en }: Phrase): Phrase {
  return {
    fr: `Pour éteindre quand même, tapez ${fr} ; Entrée pour rester :`,
    en: `To switch off all the same, type ${en}; Enter to stay:`,
  };
}

const OFF: Phrase = { fr: 'La machine s’éteint.', en: 'Powering off.' };
const AGAIN: Phrase = { fr: 'La machine redémarre.', en: 'Restarting.' };
