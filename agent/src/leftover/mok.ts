import type { MokLeftover, Part, Reason } from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { readMokKeys } from '../probe/leftovers.ts';
import type { Asking } from './asking.ts';

/** Counts the keys that somebody enrolled. Only shim's own MokManager removes them, at a start, by hand. */
export async function lookAfterMok(files: Files, asking: Pick<Asking, 'tell'>): Promise<Part<MokLeftover>> {
  const found = await readMokKeys(files);
  if (found.outcome !== 'read') return found;
  const keys = found.value;
  if (keys === 0) return { ...found, value: { keys, reset: { state: 'not-needed' } } };
  asking.tell(BY_HAND);
  return { ...found, value: { keys, reset: { state: 'unavailable', reason: BY_HAND } } };
}

const BY_HAND: Reason = {
  code: 'mok-by-hand',
  fr: 'Des clés de démarrage (MOK) ont été ajoutées par l’ancien système. Retirez-les dans les réglages du micrologiciel (clés d’usine), ou par « mokutil --reset » depuis le nouveau système.',
  en: 'Boot keys (MOK) were added by the former system. Remove them in the firmware’s setup (factory keys), or by “mokutil --reset” from the new system.',
};
