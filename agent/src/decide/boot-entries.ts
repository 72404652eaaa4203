import type { BootEntryPlace } from '@rebond/protocol';

/** What an entry says of where it leads; `parse/efi-load-option.ts` reads it. */
export type Leads = {
  partition: string | null;
  reaches: ReadonlySet<'network' | 'removable' | 'firmware'>;
};

/**
 * Where a boot entry leads, by the partitions that were on the drives when the session began. Two drives may bear one
 * partition's number, where one was cloned from the other: then the entry is a leftover only where both were sanitized.
 * @param partitions paths of the drives by the numbers of their partitions, small letters
 * @param done paths of the drives that were sanitized in this session
 */
export function placeOf(
  entry: Leads | null,
  partitions: ReadonlyMap<string, readonly string[]>,
  done: ReadonlySet<string>,
): BootEntryPlace {
  if (entry === null) return { kind: 'unknown' };
  for (const kind of ['network', 'removable', 'firmware'] as const) {
    if (entry.reaches.has(kind)) return { kind };
  }
  if (entry.partition === null) return { kind: 'unknown' };
  const drives = partitions.get(entry.partition.toLowerCase()) ?? [];
  const [first] = drives;
  if (first === undefined) return { kind: 'no-drive' };
  const other = drives.find((path) => !done.has(path));
  return other === undefined
    ? { kind: 'sanitized-drive', path: first }
    : { kind: 'other-drive', path: other };
}
