import { canonicalBytes, sha256Hex } from './canonical.ts';

const GIB = 1024 ** 3;

/**
 * Thresholds as data: the lowest value for each letter, below C is D. Letters differ between shops, so a grade always
 * names the rubric's version and content hash. The letter of a part is its worst rule; the overall letter the worst part.
 */
export const RUBRIC_1 = {
  id: 'rebond-house',
  version: 1,
  memoryUsableBytes: {
    // 7.5 GiB: a machine of 8 GiB reserves some for its graphics. The letters are this house's own.
    A: 7.5 * GIB,
    B: 3.5 * GIB,
    C: 1.8 * GIB,
    source: 'Rebond house rule; 4 GiB is the minimum that Windows 11 asks for, 2 GiB a light Linux desktop',
  },
  cpuThreads: { A: 4, B: 2, C: 1, source: 'Rebond house rule, until a benchmark replaces it' },
  batteryHealthPercent: {
    A: 80,
    B: 70,
    C: 50,
    source: 'Back Market Pro asks for 80 %, Kramden for 70 %; 50 % is this house’s own',
  },
  driveReallocatedSectors: { A: 0, B: 3, source: 'WEEE-Open: 1 to 3 suspect, more than 3 failing' },
  drivePendingSectors: { A: 0, source: 'WEEE-Open: any pending sector is a failure' },
  drivePowerOnHours: { A: 37177, source: 'WEEE-Open: older drives are suspect' },
  drivePercentageUsed: {
    A: 80,
    B: 100,
    source: 'NVM Express: above 100 the rated endurance is used up; 80 is this house’s own',
  },
  displayWidthPixels: { A: 1600, B: 1280, C: 1024, source: 'Rebond house rule' },
} as const;

/** The same, and what the session was started from is no part of the laptop: its health and its data are not judged. */
export const RUBRIC = {
  ...RUBRIC_1,
  version: 2,
  bootMedium: {
    counted: false,
    source:
      'Rebond house rule: a removable USB drive or SD card that the record names as boot medium, and that was not touched',
  },
} as const;
export type Rubric = typeof RUBRIC | typeof RUBRIC_1;

/** The hash that a grade names, lower-case hexadecimal SHA-256 of the canonical rubric. */
export async function rubricHash(rubric: Rubric = RUBRIC): Promise<string> {
  return await sha256Hex(canonicalBytes(rubric));
}
