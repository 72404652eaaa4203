import type { DriveCapabilities } from '@rebond/protocol';

/**
 * What has to be done about a password that is on an ATA drive: it may be the published one of an erase that was cut off.
 * SEC4 is locked, SEC5 and SEC6 are not now and will be at the next power-on; SEC6 is frozen besides (ACS-4 §4.18).
 */
export function passwordSteps(means: DriveCapabilities | null): ('unfreeze' | 'unlock')[] {
  const state = means?.interface === 'ata' ? means.security?.state : undefined;
  switch (state) {
    case 'SEC6':
      return ['unfreeze', 'unlock'];
    case 'SEC4':
    case 'SEC5':
      return ['unlock'];
    case 'SEC1':
    case 'SEC2':
    case undefined:
      return [];
  }
}

/** A locked drive that counted too many wrong passwords does nothing until its power is cycled (ACS-4 §4.18.9). */
export function isShut(means: DriveCapabilities | null): boolean {
  const security = means?.interface === 'ata' ? means.security : null;
  return security?.state === 'SEC4' && security.attemptsExpired;
}
