import { type DriveIdentity, visible } from '@rebond/protocol';
import type { Lang } from './progress-line.ts';
import { sizeText } from './size.ts';

/** One drive in one line for people: node, size, model, serial number. */
export function driveName(
  { path, identity, sizeBytes }: { path: string; identity: DriveIdentity; sizeBytes: number | null },
  lang: Lang,
): string {
  const [unread, serial] = lang === 'fr' ? ['taille inconnue', 'n° '] : ['size unknown', 'no. '];
  const size = sizeBytes === null ? unread : sizeText(sizeBytes, lang, 'drive', sizeBytes < 1e10 ? 1 : 0);
  const words = [path, size, identity.model, numberOf(identity, serial, lang)];
  return words.flatMap((word) => (word ? [visible(word, 60)] : [])).join(' · ');
}

/** The label of the workshop where the drive tells no number of its own, and that it is one. */
function numberOf(identity: DriveIdentity, serial: string, lang: Lang): string | null {
  if (identity.serial) return `${serial}${identity.serial}`;
  const { propertyLabel } = identity;
  if (propertyLabel === undefined) return null;
  return `${lang === 'fr' ? 'étiquette' : 'label'} ${propertyLabel}`;
}
