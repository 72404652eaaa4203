import {
  capabilitiesOf,
  type DriveCapabilities,
  type EvidenceV2,
  expectedOf,
  judge,
  type ObservationsV2,
  type Part,
  placesOf,
  type PlanStep,
  type PlanV2,
  type Sampling,
  sizeAfter,
  type StepSeen,
  type Target,
  type Technique,
  verificationOf,
} from '@rebond/protocol';

const GB = 1_000_000_000;
export const KEY = 'ab'.repeat(32);

/** 500 GB, of which the last 20 are hidden by an HPA. */
export const HDD_TARGET: Target = {
  path: '/dev/sda',
  identity: {
    transport: 'sata',
    model: 'TEST HDD 500G',
    serial: 'SN-TEST-0003',
    wwid: 'naa.50014ee2b5c70003',
  },
  medium: 'ata-hdd',
  sizeBytes: 480 * GB,
  logicalSectorBytes: 512,
  diskseq: '3',
};
export const NVME_TARGET: Target = {
  path: '/dev/nvme0n1',
  identity: {
    transport: 'nvme',
    model: 'TEST NVME 256G',
    serial: 'SN-TEST-0004',
    wwid: 'eui.0025385b21404321',
  },
  medium: 'nvme',
  sizeBytes: 256 * GB,
  logicalSectorBytes: 512,
  diskseq: '4',
};

const read = (value: DriveCapabilities): Part<DriveCapabilities> => ({
  outcome: 'read',
  sources: ['test'],
  value,
});

export const ATA_MEANS = read({
  interface: 'ata',
  security: { state: 'SEC1', attemptsExpired: false, enhanced: true, eraseMinutes: 82, enhancedMinutes: 84 },
  sanitize: { crypto: false, block: false, overwrite: true, state: 'SD0' },
  hpa: { state: 'hidden', realBytes: 500 * GB },
  dco: { state: 'none' },
  ama: { state: 'not-supported' },
});
export const NVME_MEANS = read({
  interface: 'nvme',
  controller: '/dev/nvme0',
  nsid: 1,
  lbaFormat: 0,
  sanitize: {
    ...{ crypto: true, block: true, overwrite: false, state: 'never' },
    estimates: { crypto: 2, block: 60, overwrite: null },
  },
  format: { allNamespaces: false, eraseAllNamespaces: false, crypto: true },
  namespaces: [{ nsid: 1, attached: true, sizeBytes: 256 * GB }],
  unallocatedBytes: 0,
});
export const UNREAD_MEANS: Part<DriveCapabilities> = {
  outcome: 'failed',
  failure: { code: 'tool-failed', source: 'hdparm -I', detail: 'SG_IO: bad/missing sense data' },
};

/** As NIST asks for, and a little more than enough for the drives above. */
export const SAMPLE: Sampling = {
  seedHex: '5e'.repeat(32),
  sections: 1000,
  placesPerSection: 2,
  placeBytes: 32 * 1024 * 1024,
};
const POINTS: Sampling = { ...SAMPLE, placeBytes: 4096 };

const KEYED = { kind: 'keyed' } as const;
export const OVERWRITE: PlanStep = { kind: 'overwrite', pattern: KEYED };
export const READ_BACK: PlanStep = { kind: 'read-back', pattern: KEYED, extent: { kind: 'full' } };
export const SAMPLED: PlanStep = {
  kind: 'read-back',
  pattern: KEYED,
  extent: { kind: 'sample', sampling: SAMPLE },
};
export const REVEAL: PlanStep = { kind: 'reveal', area: 'hpa', realBytes: 500 * GB };
export const REMEMBER: PlanStep = { kind: 'remember', sampling: POINTS };
export const COMPARE: PlanStep = { kind: 'compare' };
export const AWAIT: PlanStep = { kind: 'await-sanitize', patienceMs: 600_000, stallMs: 300_000 };
const SCAN: PlanStep = { kind: 'scan', expect: 'blank' };
export const firmware = (technique: Technique): PlanStep => ({
  kind: 'firmware',
  technique,
  expectedMs: 60_000,
  patienceMs: 600_000,
  stallMs: 300_000,
});

export type PlanWishes = {
  target: Target;
  means: Part<DriveCapabilities>;
  technique: Technique;
  steps: PlanStep[];
  change?: Partial<PlanV2>;
};

/** A plan that says of itself what follows from its steps. */
export function stepPlan({ target, means, technique, steps, change }: PlanWishes): PlanV2 {
  const about = { mode: 'real' as const, target, technique, steps, ...change };
  const { level, clause } = expectedOf(about, capabilitiesOf(means));
  return {
    schema: 'rebond.plan/2',
    planId: '1c2d3e4f-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
    sessionId: '2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901',
    policy: { id: 'best', version: 1 },
    levelRequested: 'purge',
    levelExpected: level,
    clause,
    verification: verificationOf(about.steps),
    notCovered: [],
    reasons: [],
    ...about,
  };
}

/** Everything is seen as it should be. */
export function seenPerfectly(plan: PlanV2): ObservationsV2 {
  const { target, steps } = plan;
  return {
    steps: steps.map((step, index) => perfect(step, sizeAfter(target.sizeBytes, steps.slice(0, index)))),
    after: { identity: target.identity, sizeBytes: sizeAfter(target.sizeBytes, steps) },
    stopped: null,
  };
}

const NONE = { count: 0, offsets: [], code: null };

function perfect(step: PlanStep, sizeBytes: number): StepSeen {
  const durationMs = Math.ceil(sizeBytes / 200_000);
  switch (step.kind) {
    case 'await-sanitize':
      return {
        ...{ kind: 'await-sanitize', runningAfter: false, stateBefore: 'running', stateAfter: 'succeeded' },
        ...{ lastPercent: 98, durationMs: 61_000 },
      };
    case 'unfreeze':
      return { kind: 'unfreeze', frozenAfter: false };
    case 'unlock':
      return { kind: 'unlock', lockedAfter: false };
    case 'reveal':
      return { kind: 'reveal', sizeAfter: step.realBytes };
    case 'remember':
      return { kind: 'remember', places: placesOf(step.sampling, sizeBytes), unreadable: 0 };
    case 'firmware':
      return {
        ...{
          kind: 'firmware',
          accepted: 'accepted',
          ended: 'succeeded',
          lastPercent: 98,
          durationMs: 61_000,
        },
        ...{ stateBefore: 'never', stateAfter: 'succeeded' },
      };
    case 'compare':
      return {
        ...{ kind: 'compare', places: 2000, unreadable: 0, unchanged: 0, unchangedOffsets: [] },
        ...{ blankBefore: 37, direct: true },
      };
    case 'scan': {
      const blankBytes = step.expect === 'blank' ? sizeBytes : 0;
      return {
        ...{ kind: 'scan', bytes: sizeBytes, blankBytes, otherOffsets: [], unreadable: NONE },
        ...{ direct: true, durationMs },
      };
    }
    case 'overwrite':
      return { kind: 'overwrite', bytes: sizeBytes, bad: NONE, flushed: true, resumedFrom: null, durationMs };
    case 'read-back': {
      const bytes =
        step.extent.kind === 'full'
          ? sizeBytes
          : placesOf(step.extent.sampling, sizeBytes) * step.extent.sampling.placeBytes;
      return {
        ...{ kind: 'read-back', dueBytes: bytes, bytes, matchedBytes: bytes, mismatches: [] },
        ...{ mismatchedSectors: 0, unreadable: NONE, direct: true, durationMs },
      };
    }
  }
}

/** A lawful evidence of what was seen. */
export function stepEvidence(
  plan: PlanV2,
  capabilities: Part<DriveCapabilities>,
  observations: ObservationsV2 = seenPerfectly(plan),
): EvidenceV2 {
  const command = {
    argv: ['nvme', 'sanitize', '/dev/nvme0', '-a', '2'],
    status: 'exit 0',
    durationMs: 12,
    outputSha256: '0d'.repeat(32),
  };
  return {
    schema: 'rebond.evidence/2',
    plan,
    capabilities,
    observations,
    commands: { total: 1, list: [command] },
    ...judge({ plan, observations, capabilities }),
    tool: { name: 'rebond', version: '0.1.0' },
    stream: { algorithm: 'aes-256-ctr', keyHex: KEY },
    startedAt: { wall: '2026-03-14T13:05:09.120Z', timeSource: 'rtc-unverified' },
    durationMs: 7_200_000,
    journalSha256: '5c'.repeat(32),
  };
}

/** Steps by the kind of the drive: what a plan of each policy comes to. */
export const EXAMPLES = {
  'hidden area, overwrite, full read-back': {
    ...{ target: HDD_TARGET, means: ATA_MEANS, technique: 'overwrite' as const },
    steps: [REVEAL, OVERWRITE, READ_BACK],
  },
  'overwrite, sampled': {
    ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'overwrite' as const },
    steps: [OVERWRITE, SAMPLED],
  },
  'NVMe sanitize, samples': {
    ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'nvme-sanitize-block' as const },
    steps: [REMEMBER, firmware('nvme-sanitize-block'), COMPARE],
  },
  'NVMe sanitize, samples and scan': {
    ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'nvme-sanitize-block' as const },
    steps: [REMEMBER, firmware('nvme-sanitize-block'), COMPARE, SCAN],
  },
  'NVMe sanitize, then overwrite and full read-back': {
    ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'nvme-sanitize-crypto' as const },
    steps: [REMEMBER, firmware('nvme-sanitize-crypto'), COMPARE, OVERWRITE, READ_BACK],
  },
  'NVMe sanitize awaited, then begun anew': {
    ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'nvme-sanitize-block' as const },
    steps: [AWAIT, REMEMBER, firmware('nvme-sanitize-block'), COMPARE],
  },
  'thawed, unlocked, revealed, enhanced erase': {
    ...{ target: HDD_TARGET, means: ATA_MEANS, technique: 'ata-security-erase-enhanced' as const },
    steps: [
      ...[{ kind: 'unfreeze' as const }, { kind: 'unlock' as const }, REVEAL, REMEMBER],
      ...[firmware('ata-security-erase-enhanced'), COMPARE],
    ],
  },
} satisfies Record<string, PlanWishes>;
