import type { Phrase } from '@rebond/protocol';

/** How a person is asked, on whichever screen. */
export type Asking = {
  tell: (phrase: Phrase, style?: 'alarm' | 'strong') => void;
  /** One line typed; null where nobody can type. */
  ask: (question: () => Phrase) => Promise<string | null>;
};

/** Yes only where somebody typed it: O or Y; anything else leaves things as they are. */
export async function agrees(question: Phrase, { ask }: Asking): Promise<boolean> {
  const typed = (await ask(() => question))?.trim().toUpperCase() ?? '';
  return ['O', 'OUI', 'Y', 'YES'].includes(typed);
}
