import { type BootEntry, clip, type Part, type Phrase, type Reason, visible } from '@rebond/protocol';
import { placeOf } from '../decide/boot-entries.ts';
import type { FirmwareRequests } from '../effects/firmware-requests.ts';
import type { Files } from '../effects/types.ts';
import { type FoundEntries, readBootEntries } from '../probe/leftovers.ts';
import { agrees, type Asking } from './asking.ts';

type Doors = {
  files: Files;
  firmware: Pick<FirmwareRequests, 'removeBootEntry' | 'writeBootOrder'>;
  asking: Asking;
};

/**
 * Offers to remove the boot entries that lead to what was sanitized here, and says of each what became of it.
 * @param partitions what lay on which drive before the session touched any
 * @param done paths of the drives that were sanitized
 */
export async function lookAfterBootEntries(
  doors: Doors,
  partitions: ReadonlyMap<string, readonly string[]>,
  done: ReadonlySet<string>,
  barred: Reason | null,
): Promise<Part<BootEntry[]>> {
  const found = await readBootEntries(doors.files);
  if (found.outcome !== 'read') return found;
  const entries = found.value.entries.map(({ name, option }): BootEntry => ({
    name,
    description: clip(option?.description ?? ''),
    place: placeOf(option, partitions, done),
    deed: { state: 'kept' },
  }));
  const leftover = entries.filter(({ place }) => place.kind === 'sanitized-drive');
  if (leftover.length === 0) return { ...found, value: entries };
  const deeds = barred
    ? all(leftover, { state: 'unavailable', reason: barred })
    : await remove(leftover, found.value, doors);
  return { ...found, value: entries.map((each) => ({ ...each, deed: deeds.get(each.name) ?? each.deed })) };
}

type Deeds = Map<string, BootEntry['deed']>;

async function remove(
  leftover: readonly BootEntry[],
  { order }: FoundEntries,
  { files, firmware, asking }: Doors,
): Promise<Deeds> {
  for (const { name, description } of leftover) {
    const shown = `  ${name} « ${visible(description, 60)} »`;
    asking.tell({ fr: shown, en: shown });
  }
  if (!(await agrees(question(leftover.length), asking))) return all(leftover, { state: 'declined' });
  const details = new Map<string, string>();
  for (const { name } of leftover) {
    const asked = await firmware.removeBootEntry(name);
    if (asked.kind === 'refused') details.set(name, asked.detail);
  }
  // Asked again: only what the firmware no longer has was removed.
  const after = await readBootEntries(files);
  const left = after.outcome === 'read' ? after.value.entries.map(({ name }) => name) : null;
  const deeds: Deeds = new Map();
  for (const { name } of leftover) {
    const removed = left !== null && !left.includes(name);
    const reason = removed ? null : notRemoved(details.get(name) ?? '?');
    deeds.set(name, reason ? { state: 'failed', reason } : { state: 'removed' });
    if (reason) asking.tell(reason, 'alarm');
  }
  const gone = leftover.filter(({ name }) => deeds.get(name)?.state === 'removed');
  if (gone.length > 0) asking.tell(removedWords(gone.length), 'strong');
  const numbers = gone.map(({ name }) => Number.parseInt(name.slice(4), 16));
  if (order !== null && numbers.some((number) => order.includes(number))) {
    const asked = await firmware.writeBootOrder(order.filter((number) => !numbers.includes(number)));
    // A firmware passes over numbers in its order that have no entry (UEFI 2.10 §3.1.1): told, and no failure.
    if (asked.kind === 'refused') asking.tell(ORDER_LEFT);
  }
  return deeds;
}

function all(entries: readonly BootEntry[], deed: BootEntry['deed']): Deeds {
  return new Map(entries.map(({ name }) => [name, deed]));
}

function question(count: number): Phrase {
  return {
    fr: `${count > 1 ? `Ces ${count} entrées de démarrage mènent` : 'Cette entrée de démarrage mène'} à ce qui vient d’être effacé. Retirer ? O puis Entrée : oui · Entrée : non`,
    en: `${count > 1 ? `These ${count} boot entries lead` : 'This boot entry leads'} to what was just wiped. Remove? Y and Enter: yes · Enter: no`,
  };
}

function removedWords(count: number): Phrase {
  return {
    fr: `Entrées de démarrage retirées : ${count}. Celles du réseau, des clés et du micrologiciel restent.`,
    en: `Boot entries removed: ${count}. Those of the network, of sticks and of the firmware stay.`,
  };
}

const ORDER_LEFT: Phrase = {
  fr: 'L’ordre de démarrage n’a pas pu être réécrit ; le micrologiciel saute ce qui n’existe plus.',
  en: 'The boot order could not be written again; the firmware passes over what no longer exists.',
};

function notRemoved(detail: string): Reason {
  return {
    code: 'boot-entry-stays',
    fr: `Le micrologiciel garde cette entrée de démarrage (${detail}). Retirez-la dans ses réglages, ou laissez-la : elle ne mène plus à rien.`,
    en: `The firmware keeps this boot entry (${detail}). Remove it in its setup, or leave it: it leads nowhere now.`,
  };
}
