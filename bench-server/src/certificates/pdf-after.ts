import { type DriveIdentity, type Phrase, sameIdentity } from '@rebond/protocol';
import type { Text } from './pdf-layout.ts';
import type { Pen } from './pdf-pen.ts';
import { fact, say, shout } from './pdf-values.ts';
import { amount } from './pdf-words.ts';

/** Whether the drive is still the one that was confirmed. @param sizeBytes as it must be at the end */
export function afterTexts(
  pen: Pen,
  after: { identity: DriveIdentity; sizeBytes: number } | null,
  { identity, sizeBytes }: { identity: DriveIdentity; sizeBytes: number },
): Text[] {
  if (!after) return shout(both('NON relue', 'NOT read again'));
  const { model, serial, wwid, transport } = after.identity;
  const texts: Text[] = [];
  if (!sameIdentity(after.identity, identity)) {
    texts.push(...shout(both('AUTRE identité', 'ANOTHER identity')));
    texts.push(...fact(pen, [transport, model, serial, wwid].map((each) => each ?? '—').join(' / ')));
  }
  if (after.sizeBytes !== sizeBytes) {
    const { fr, en } = amount(after.sizeBytes);
    texts.push(...shout(both(`AUTRE taille : ${fr}`, `ANOTHER size: ${en}`)));
  }
  return texts.length > 0 ? texts : say(both('même disque, même taille', 'same drive, same size'));
}

const both = (fr: string, en: string): Phrase => ({ fr, en });
