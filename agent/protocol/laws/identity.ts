import type { DriveIdentity } from '../words/drive.ts';

/** Transport, model, serial and WWID; size is apart, for a planned HPA or DCO step may change it. */
export function sameIdentity(a: DriveIdentity, b: DriveIdentity): boolean {
  return a.transport === b.transport && a.model === b.model && a.serial === b.serial && a.wwid === b.wwid;
}
