import type { QuarantineCause } from '@rebond/protocol';
import type { DriveState, SightingRow } from '../db/schema.ts';

/** One sighting with what people decided of it. */
export type Judged = Pick<SightingRow, 'recordDigest' | 'place' | 'seen' | 'at' | 'timeSource'> & {
  /** Order of arrival of its record. */
  number: number;
  machineId: string;
  receivedAt: string;
  /** Somebody saw the session begin, or the lead approved it. */
  vouched: boolean;
  /** The lead rejected the record, and with it all that it says. */
  recordRejected: boolean;
  /** The lead rejected the finding on this drive. */
  findingRejected: boolean;
};

export type Standing = {
  state: Exclude<DriveState, 'destroyed'>;
  cause: QuarantineCause | null;
  by: Judged;
};

/**
 * How a drive stands after all its sightings, in order of arrival. Only a success that somebody vouches for and nobody
 * rejected, begun after whatever went wrong, releases a drive; unknown is never done.
 * @returns null where nothing that counts was seen of it
 */
export function standingOf(sightings: readonly Judged[]): Standing | null {
  let standing: Standing | null = null;
  for (const each of sightings) {
    if (each.recordRejected) continue;
    if (standing && isSurelyOlder(each, standing.by)) continue;
    standing = next(standing, each);
  }
  return standing;
}

function next(before: Standing | null, by: Judged): Standing | null {
  const quarantined = (cause: QuarantineCause): Standing => ({ state: 'quarantined', cause, by });
  // What was done stays done until something begins on it anew; what is in quarantine stays there.
  const settled = before?.state === 'done' || before?.state === 'quarantined';
  switch (by.seen) {
    case 'failed':
    case 'unknown':
      return quarantined(by.seen);
    case 'done':
      if (by.findingRejected) return quarantined('rejected');
      if (by.vouched) return { state: 'done', cause: null, by };
      return before ?? { state: 'untouched', cause: null, by };
    case 'undrivable':
    case 'vanished':
      return settled ? before : quarantined(by.seen);
    case 'absent':
      return settled ? before : quarantined('vanished');
    case 'untouched':
    case 'listed':
      return settled ? before : { state: 'untouched', cause: null, by };
  }
}

/** Records come late from sticks. Only two clocks of the server can be compared; else the order of arrival holds. */
export function isSurelyOlder(
  a: Pick<Judged, 'at' | 'timeSource'>,
  b: Pick<Judged, 'at' | 'timeSource'>,
): boolean {
  return a.timeSource === 'server' && b.timeSource === 'server' && a.at < b.at;
}
