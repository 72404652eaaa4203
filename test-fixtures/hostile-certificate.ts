import type { DriveIdentity, ObservationsV1 } from '@rebond/protocol';
import type { Change } from './certificates.ts';

const HUGE = Number.MAX_SAFE_INTEGER;
const LONGEST_ID = 'i'.repeat(64);

/**
 * Fills every field with the given text and every list to its end, all numbers at their largest. The outcome stays
 * as it was.
 * @param line at most 256 units
 * @param paragraph at most 4096 units
 */
export function everyFieldSays(line: string, paragraph: string): Change {
  const phrase = { fr: paragraph, en: paragraph };
  const identity: DriveIdentity = { transport: 'sata', model: line, serial: line, wwid: line };
  const person = { id: LONGEST_ID, name: line };
  return (certificate) => ({
    ...certificate,
    schema: 'rebond.certificate/1',
    supersedes: certificate.certificateId,
    issuer: { ...certificate.issuer, workshop: person },
    machine: {
      ref: { id: LONGEST_ID, basis: 'session' },
      manufacturer: line,
      product: line,
      serial: line,
    },
    media: { identity, medium: 'ata-ssd', sizeBytes: HUGE, path: line },
    method: {
      ...certificate.method,
      technique: 'ata-security-erase-enhanced',
      clause: paragraph,
      tool: { name: line, version: line },
    },
    verification: { kind: 'full-read-back', observations: everythingWentWrong(identity, line, paragraph) },
    reasons: Array.from({ length: 16 }, () => ({ code: 'r'.repeat(64), ...phrase })),
    notCovered: Array.from({ length: 16 }, () => phrase),
    performedAt: { wall: '9999-12-31T23:59:59.999Z', timeSource: 'rtc-unverified' },
    bench: line,
    performer: person,
    validation: { decision: 'rejected', person, at: certificate.issuedAt, why: paragraph },
    record: { ...certificate.record, drive: HUGE },
  });
}

function everythingWentWrong(identity: DriveIdentity, line: string, paragraph: string): ObservationsV1 {
  // An envelope holds 2 MiB: a thousand errors with codes of full length would not fit.
  const errors = Array.from({ length: 1000 }, (_, index) => ({
    offset: HUGE - index,
    code: line.slice(0, 8),
  }));
  return {
    written: { bytes: HUGE - 1, durationMs: HUGE, errors },
    flushed: false,
    readBack: {
      bytes: HUGE - 1,
      matchedBytes: HUGE - 2,
      durationMs: HUGE,
      mismatches: errors.map(({ offset }) => offset),
      mismatchedSectors: HUGE,
      errors,
      direct: false,
    },
    after: { identity: { ...identity, transport: 'network' }, sizeBytes: 1 },
    stopped: { code: 's'.repeat(64), fr: paragraph, en: paragraph },
  };
}
