import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, stepPlan } from '../../../test-fixtures/step-plans.ts';
import type { DriveError, Evidence, ObservationsV1, PlanV1 } from '../words/sanitize.ts';
import { Medium } from '../words/drive.ts';
import { type PlanStep, Technique } from '../words/steps.ts';
import { achieves, ACHIEVEMENTS } from './achieves.ts';
import { conclusionsFollow, judge } from './judge.ts';

const SIZE = 1024 * 1024;
const identity = { transport: 'sata', model: 'TEST HDD', serial: 'SN-1', wwid: 'naa.1' } as const;
const { level, clause } = achieves('overwrite', 'ata-hdd');
const plan: PlanV1 = {
  schema: 'rebond.plan/1',
  sessionId: '00000000-0000-4000-8000-000000000000',
  mode: 'real',
  target: {
    path: '/dev/sda',
    identity,
    medium: 'ata-hdd',
    sizeBytes: SIZE,
    logicalSectorBytes: 512,
    diskseq: '1',
  },
  technique: 'overwrite',
  verification: 'full-read-back',
  levelRequested: 'clear',
  levelExpected: level,
  clause,
  notCovered: [],
  reasons: [],
};
const perfect: ObservationsV1 = {
  written: { bytes: SIZE, durationMs: 10, errors: [] },
  flushed: true,
  readBack: {
    bytes: SIZE,
    matchedBytes: SIZE,
    durationMs: 10,
    mismatches: [],
    mismatchedSectors: 0,
    errors: [],
    direct: true,
  },
  after: { identity, sizeBytes: SIZE },
  stopped: null,
};
const readBack = (change: Partial<NonNullable<ObservationsV1['readBack']>>): ObservationsV1 => ({
  ...perfect,
  readBack: { ...(perfect.readBack as NonNullable<ObservationsV1['readBack']>), ...change },
});

describe('judge, of version 1', () => {
  it('calls a full, flushed, fully read back overwrite done at its level', () => {
    expect(judge({ plan, observations: perfect })).toEqual({
      outcome: 'done',
      levelAchieved: 'clear',
      reasons: [],
    });
  });

  it.each<[string, ObservationsV1, string, string]>([
    [
      'a write error',
      { ...perfect, written: { bytes: 512, durationMs: 1, errors: [{ offset: 512, code: 'EIO' }] } },
      'failed',
      'write-error',
    ],
    ['a read error', readBack({ errors: [{ offset: 4096, code: 'EIO' }] }), 'failed', 'read-error'],
    [
      'a differing sector',
      readBack({ matchedBytes: SIZE - 512, mismatches: [7168], mismatchedSectors: 1 }),
      'failed',
      'read-back-differs',
    ],
    [
      'another serial afterwards',
      { ...perfect, after: { identity: { ...identity, serial: 'SN-2' }, sizeBytes: SIZE } },
      'failed',
      'identity-changed',
    ],
    [
      'another size afterwards',
      { ...perfect, after: { identity, sizeBytes: SIZE - 512 } },
      'failed',
      'size-changed',
    ],
    ['nothing written', { ...perfect, written: null }, 'unknown', 'not-all-written'],
    [
      'one sector not written',
      { ...perfect, written: { bytes: SIZE - 512, durationMs: 1, errors: [] } },
      'unknown',
      'not-all-written',
    ],
    ['no flush', { ...perfect, flushed: false }, 'unknown', 'not-flushed'],
    ['no read-back', { ...perfect, readBack: null }, 'unknown', 'not-all-read-back'],
    [
      'a read-back that misses a sector',
      readBack({ bytes: SIZE - 512, matchedBytes: SIZE - 512 }),
      'unknown',
      'not-all-read-back',
    ],
    [
      'a read-back that matched less than it read',
      readBack({ matchedBytes: SIZE - 512 }),
      'unknown',
      'not-all-read-back',
    ],
    ['a read-back from the cache', readBack({ direct: false }), 'unknown', 'read-from-cache'],
    ['a drive that no longer answers', { ...perfect, after: null }, 'unknown', 'identity-not-checked'],
    [
      'a stop',
      { ...perfect, stopped: { code: 'stopped-by-operator', fr: 'arrêt', en: 'stop' } },
      'unknown',
      'stopped-by-operator',
    ],
  ])('never calls %s done', (_, seen, outcome, code) => {
    const judgement = judge({ plan, observations: seen });
    expect(judgement.outcome).toBe(outcome);
    expect(judgement.levelAchieved).toBe('none');
    expect(judgement.reasons.map((reason) => reason.code)).toContain(code);
  });

  it('names the offset of the first differing sector in both languages', () => {
    const observations = readBack({ matchedBytes: SIZE - 512, mismatches: [7168], mismatchedSectors: 1 });
    const { reasons } = judge({ plan, observations });
    expect(reasons[0]?.fr).toContain('7168');
    expect(reasons[0]?.en).toContain('7168');
  });

  it('names the first place of every trouble, and the first byte where none was kept', () => {
    const first = (observations: ObservationsV1): string =>
      judge({ plan, observations }).reasons[0]?.en ?? '';
    const errors = [4096, 8192].map((offset) => ({ offset, code: 'EIO' }));
    const written = { bytes: 512, durationMs: 1, errors };
    expect(first({ ...perfect, written })).toBe('The drive refused a write, the first at byte 4096.');
    expect(first(readBack({ errors }))).toBe('The drive could not be read back, first at byte 4096.');
    expect(first(readBack({ mismatches: [], mismatchedSectors: 3 }))).toContain(
      '3 sectors, the first at byte 0.',
    );
    const lacking = judge({ plan, observations: { ...perfect, written: null, readBack: null } }).reasons;
    expect(lacking.map(({ en }) => en)).toEqual([
      `0 of ${SIZE} bytes written.`,
      `0 of ${SIZE} bytes read back and found.`,
    ]);
  });

  it('takes a rehearsal’s read-back through the cache, for no drive is claimed; a drive without a size is never done', () => {
    const rehearsal: PlanV1 = { ...plan, mode: 'rehearsal' };
    expect(judge({ plan: rehearsal, observations: readBack({ direct: false }) }).outcome).toBe('done');
    const empty: PlanV1 = { ...plan, target: { ...plan.target, sizeBytes: 0 } };
    const nothing: ObservationsV1 = {
      ...readBack({ bytes: 0, matchedBytes: 0 }),
      ...{ written: { bytes: 0, durationMs: 0, errors: [] }, after: { identity, sizeBytes: 0 } },
    };
    expect(judge({ plan: empty, observations: nothing })).toMatchObject({
      outcome: 'unknown',
      reasons: [{ code: 'empty-drive' }],
    });
    const tiny: PlanV1 = { ...plan, target: { ...plan.target, sizeBytes: 1 } };
    const one: ObservationsV1 = {
      ...readBack({ bytes: 1, matchedBytes: 1 }),
      ...{ written: { bytes: 1, durationMs: 0, errors: [] }, after: { identity, sizeBytes: 1 } },
    };
    expect(judge({ plan: tiny, observations: one }).outcome).toBe('done');
  });

  it('says done for no combination of observations but the perfect one', () => {
    const count = fc.constantFrom(0, 512, SIZE - 512, SIZE);
    const errors = fc.constantFrom<DriveError[]>([], [{ offset: 0, code: 'EIO' }]);
    const observations: fc.Arbitrary<ObservationsV1> = fc.record({
      written: fc.option(fc.record({ bytes: count, durationMs: fc.constant(1), errors })),
      flushed: fc.boolean(),
      readBack: fc.option(
        fc.record({
          bytes: count,
          matchedBytes: count,
          durationMs: fc.constant(1),
          mismatches: fc.constant([]),
          mismatchedSectors: fc.constantFrom(0, 1),
          errors,
          direct: fc.boolean(),
        }),
      ),
      after: fc.option(fc.record({ identity: fc.constant(identity), sizeBytes: count })),
      stopped: fc.constantFrom(null, { code: 'x', fr: 'x', en: 'x' }),
    });
    fc.assert(
      fc.property(observations, (seen) => {
        const whole =
          seen.written?.bytes === SIZE &&
          seen.written.errors.length === 0 &&
          seen.flushed &&
          seen.readBack?.bytes === SIZE &&
          seen.readBack.matchedBytes === SIZE &&
          seen.readBack.mismatchedSectors === 0 &&
          seen.readBack.errors.length === 0 &&
          seen.readBack.direct &&
          seen.after?.sizeBytes === SIZE &&
          seen.stopped === null;
        expect(judge({ plan, observations: seen }).outcome === 'done').toBe(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not judge a technique that this version does not perform', () => {
    const other: PlanV1 = { ...plan, technique: 'nvme-sanitize-block' };
    expect(judge({ plan: other, observations: perfect })).toMatchObject({
      outcome: 'unknown',
      reasons: [{ code: 'technique-not-judged' }],
    });
  });
});

describe('achieves', () => {
  it('cites a clause for every technique on every medium, and claims nothing without a row', () => {
    for (const technique of Technique.options) {
      for (const medium of Medium.options) {
        const { level, clause } = achieves(technique, medium);
        const rows = ACHIEVEMENTS.filter((row) => row.technique === technique && row.media.includes(medium));
        expect(rows.length).toBeLessThanOrEqual(1);
        expect(level).toBe(rows[0]?.level ?? 'none');
        expect(clause).not.toBe('');
      }
    }
  });

  it('claims nothing for what erases nothing, for rehearsals, bridges beyond clear, and unknown media', () => {
    expect(achieves('nvme-format-0', 'nvme').level).toBe('none');
    expect(achieves('discard', 'nvme').level).toBe('none');
    expect(achieves('overwrite', 'usb-flash').level).toBe('none');
    for (const technique of Technique.options) {
      for (const medium of ['rehearsal-file', 'rehearsal-loop', 'unknown', 'virtual'] as const) {
        expect(achieves(technique, medium).level).toBe('none');
      }
      expect(['none', 'clear']).toContain(achieves(technique, 'behind-bridge').level);
    }
  });

  it('never gives an overwrite more than clear, nor a flash drive purge for an enhanced security erase', () => {
    for (const medium of Medium.options)
      expect(['none', 'clear']).toContain(achieves('overwrite', medium).level);
    expect(achieves('ata-security-erase-enhanced', 'ata-ssd').level).toBe('clear');
    expect(achieves('nvme-format-2', 'nvme').level).toBe('clear');
  });
});

describe('the conclusions of version 1', () => {
  const evidence = (change: Partial<PlanV1> = {}): Evidence => {
    const changed = { ...plan, ...change };
    return {
      schema: 'rebond.evidence/1',
      ...{ plan: changed, observations: perfect, ...judge({ plan: changed, observations: perfect }) },
      tool: { name: 'rebond', version: '0.1.0' },
      stream: { algorithm: 'aes-256-ctr', keyHex: 'ab'.repeat(32) },
      startedAt: { wall: '2026-03-14T13:05:09.120Z', timeSource: 'rtc-unverified' },
      ...{ durationMs: 20, journalSha256: '5c'.repeat(32) },
    };
  };

  it('follow, and so does the plan, level and clause', () => {
    expect(conclusionsFollow(evidence())).toBe(true);
    expect(conclusionsFollow(evidence({ levelExpected: 'purge' }))).toBe(false);
    expect(conclusionsFollow(evidence({ clause: 'of another standard' }))).toBe(false);
  });
});

it('of all that is wrong, or missing, sixteen reasons are given: a record has no room for more', () => {
  const wishes = EXAMPLES['thawed, unlocked, revealed, enhanced erase'];
  const many: PlanStep[] = Array.from({ length: 20 }, () => ({ kind: 'unfreeze' }));
  const steps = stepPlan({ ...wishes, steps: [...many, ...wishes.steps] });
  const seen = (frozenAfter: boolean | null) =>
    judge({
      ...{ plan: steps, capabilities: wishes.means },
      observations: {
        steps: many.map(() => ({ kind: 'unfreeze', frozenAfter })),
        after: null,
        stopped: null,
      },
    });
  for (const [frozenAfter, outcome] of [
    [true, 'failed'],
    [null, 'unknown'],
  ] as const) {
    const { reasons, ...rest } = seen(frozenAfter);
    expect([rest.outcome, reasons.length]).toEqual([outcome, 16]);
  }
});
