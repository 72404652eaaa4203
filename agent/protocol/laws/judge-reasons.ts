import type { DriveIdentity } from '../words/drive.ts';
import type { Reason } from '../words/text.ts';
import { sameIdentity } from './identity.ts';

type After = { identity: DriveIdentity; sizeBytes: number } | null;

/** What was confirmed is not what is there at the end. @param sizeBytes as it must be at the end */
export function* notTheSame(identity: DriveIdentity, sizeBytes: number, after: After): Generator<Reason> {
  if (after && !sameIdentity(after.identity, identity)) {
    yield {
      code: 'identity-changed',
      fr: 'Le disque n’est plus celui qui a été confirmé : son identité a changé.',
      en: 'The drive is no longer the one that was confirmed: its identity changed.',
    };
  }
  if (after && after.sizeBytes !== sizeBytes) {
    yield {
      code: 'size-changed',
      fr: `La taille du disque a changé : ${sizeBytes} puis ${after.sizeBytes} octets.`,
      en: `The size of the drive changed: ${sizeBytes}, then ${after.sizeBytes} bytes.`,
    };
  }
}

export function* identityMissing(after: After): Generator<Reason> {
  if (after) return;
  yield {
    code: 'identity-not-checked',
    fr: 'L’identité du disque n’a pas pu être relue à la fin.',
    en: 'The identity of the drive could not be read again at the end.',
  };
}

export const EMPTY_DRIVE: Reason = {
  code: 'empty-drive',
  fr: 'Le disque annonce une taille nulle.',
  en: 'The drive announces a size of zero.',
};
