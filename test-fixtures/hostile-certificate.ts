import type { DriveIdentity, ObservationsV1, PlanStep, StepSeen } from '@rebond/protocol';
import type { Change } from './certificates.ts';
import type { ChangeV2 } from './step-certificates.ts';

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

/** The same for a certificate of version 2: as many steps as there may be, each gone wrong in as many words as fit. */
export function everyStepSays(line: string, paragraph: string): ChangeV2 {
  const phrase = { fr: paragraph, en: paragraph };
  const identity: DriveIdentity = { transport: 'nvme', model: line, serial: line, wwid: line };
  const failure = { code: 'nonsense', source: line, detail: paragraph } as const;
  const [steps, seen] = [
    Array.from({ length: 96 }, hostileStep),
    Array.from({ length: 96 }, hostileSeen(line)),
  ];
  return (certificate) => {
    const { verification, media } = certificate;
    const { plan } = verification;
    const command = { argv: [line], status: line, durationMs: HUGE, outputSha256: 'a'.repeat(64) };
    return {
      ...certificate,
      media: { ...media, identity, path: line },
      reasons: Array.from({ length: 16 }, () => ({ code: 'r'.repeat(64), ...phrase })),
      notCovered: Array.from({ length: 16 }, () => phrase),
      verification: {
        ...verification,
        plan: { ...plan, steps, policy: { id: LONGEST_ID, version: HUGE } },
        capabilities: { outcome: 'failed', failure },
        observations: {
          steps: seen,
          after: { identity: { ...identity, transport: 'network' }, sizeBytes: 1 },
          stopped: { code: 's'.repeat(64), ...phrase },
        },
        commands: { total: HUGE, list: Array.from({ length: 256 }, () => command) },
      },
    };
  };
}

const SAMPLING = { seedHex: 'e'.repeat(64), sections: 1_000_000, placesPerSection: 16, placeBytes: HUGE };
const HOSTILE_STEPS: readonly PlanStep[] = [
  { kind: 'firmware', technique: 'ata-security-erase-enhanced', expectedMs: null, patienceMs: 1, stallMs: 1 },
  { kind: 'reveal', area: 'hpa', realBytes: HUGE },
  { kind: 'overwrite', pattern: { kind: 'bytes', hex: 'ab'.repeat(16) } },
  {
    kind: 'read-back',
    pattern: { kind: 'bytes', hex: 'ab'.repeat(16) },
    extent: { kind: 'sample', sampling: SAMPLING },
  },
  { kind: 'compare' },
  { kind: 'remember', sampling: SAMPLING },
];

function hostileStep(_: unknown, index: number): PlanStep {
  return HOSTILE_STEPS[index % HOSTILE_STEPS.length]!;
}

function hostileSeen(line: string): (_: unknown, index: number) => StepSeen {
  const offsets = Array.from({ length: 100 }, (_, index) => HUGE - index);
  const bad = { count: HUGE, offsets, code: line };
  const all: StepSeen[] = [
    {
      ...{ kind: 'firmware', accepted: 'unknown', ended: 'unknown', stateBefore: line, stateAfter: line },
      ...{ lastPercent: 100, durationMs: HUGE },
    },
    { kind: 'reveal', sizeAfter: HUGE - 1 },
    { kind: 'overwrite', bytes: HUGE - 1, bad, flushed: false, resumedFrom: HUGE, durationMs: HUGE },
    {
      ...{ kind: 'read-back', dueBytes: HUGE, bytes: 1, matchedBytes: 1, mismatches: offsets },
      ...{ mismatchedSectors: HUGE, unreadable: bad, direct: false, durationMs: HUGE },
    },
    {
      ...{ kind: 'compare', places: HUGE, unreadable: HUGE, unchanged: HUGE, unchangedOffsets: offsets },
      ...{ blankBefore: HUGE, direct: false },
    },
    { kind: 'remember', places: HUGE, unreadable: HUGE },
  ];
  return (_, index) => all[index % all.length]!;
}
