import { type DriveIdentity, visible } from '@rebond/protocol';
import type { Lang } from './progress-line.ts';

/** One drive in one line for people: node, size, model, serial number. */
export function driveName(
  { path, identity, sizeBytes }: { path: string; identity: DriveIdentity; sizeBytes: number | null },
  lang: Lang,
): string {
  const [unit, unread, serial] =
    lang === 'fr' ? ['Go', 'taille inconnue', 'n° '] : ['GB', 'size unknown', 'no. '];
  const figure = sizeBytes === null ? null : (sizeBytes / 1e9).toFixed(sizeBytes < 1e10 ? 1 : 0);
  const size = figure === null ? unread : `${lang === 'fr' ? figure.replace('.', ',') : figure} ${unit}`;
  const words = [path, size, identity.model, identity.serial && `${serial}${identity.serial}`];
  return words.flatMap((word) => (word ? [visible(word, 60)] : [])).join(' · ');
}
