import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DriveError, ObservationsV1, PlanV1 } from '../words/sanitize.ts';
import { Medium } from '../words/drive.ts';
import { Technique } from '../words/steps.ts';
import { achieves, ACHIEVEMENTS } from './achieves.ts';
import { judge } from './judge.ts';

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
    expect(
      judge({ plan: { ...plan, technique: 'nvme-sanitize-block' }, observations: perfect }).outcome,
    ).toBe('unknown');
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
