import type { Sampling } from '@rebond/protocol';

const SECTIONS = 1000;
const PLACES = 2;
const PLACE_BYTES = 4096;
const LEAST_SECTION = 128 * 1024;

/**
 * Where to look before and after a technique that changes everything: two places of 4 KiB in each of a thousand sections
 * (of the sections and places of NIST SP 800-88r1 §4.7.2, not of its 10 % of the media, which a scan of the whole drive
 * surpasses). A small drive has fewer sections, of at least 128 KiB.
 */
export function spotSampling(sizeBytes: number, sectorBytes: number, seedHex: string): Sampling {
  const placeBytes = Math.max(PLACE_BYTES, sectorBytes);
  const sections = Math.max(1, Math.min(SECTIONS, Math.floor(sizeBytes / LEAST_SECTION)));
  return { seedHex, sections, placesPerSection: PLACES, placeBytes };
}

/**
 * The sample that contracts still cite (NIST SP 800-88r1 §4.7.2): a thousand sections, two places in each, each at least
 * 5 % of its section, so at least 10 % of the drive.
 */
export function nistSampling(sizeBytes: number, sectorBytes: number, seedHex: string): Sampling {
  const least = Math.ceil(sizeBytes / (SECTIONS * 20));
  const placeBytes = Math.max(sectorBytes, Math.ceil(least / sectorBytes) * sectorBytes);
  return { seedHex, sections: SECTIONS, placesPerSection: PLACES, placeBytes };
}
