import {
  atLeast,
  type DriveCapabilities,
  LEGACY_SEQUENCES,
  type Medium,
  type Part,
  planFlaw,
  POLICIES,
  type SanitizePolicy,
  sizeAfter,
  type Target,
} from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TECHNIQUES } from '../sanitize/techniques/index.ts';
import { ladder, type LadderFacts, nextRung } from './ladder.ts';

const GIB = 2 ** 30;
const SESSION = '00000000-0000-4000-8000-000000000000';
const target = (medium: Medium, model = 'TEST DRIVE'): Target => ({
  path: '/dev/sda',
  identity: { transport: 'sata', model, serial: 'SN-1', wwid: null },
  medium,
  sizeBytes: GIB,
  logicalSectorBytes: 512,
  diskseq: '1',
});

type Ata = Extract<DriveCapabilities, { interface: 'ata' }>;
const ata = (change: Partial<Ata> = {}): Ata => ({
  interface: 'ata',
  security: {
    ...{ state: 'SEC1', attemptsExpired: false, enhanced: true },
    ...{ eraseMinutes: 2, enhancedMinutes: 2 },
  },
  sanitize: { block: true, crypto: true, overwrite: true, state: 'SD0' },
  ...{ hpa: { state: 'none' }, dco: { state: 'none' }, ama: { state: 'not-supported' } },
  ...change,
});
const read = (value: DriveCapabilities): Part<DriveCapabilities> => ({ outcome: 'read', sources: [], value });
const policy = (id: string, change: Partial<SanitizePolicy> = {}): SanitizePolicy => ({
  ...POLICIES.find((each) => each.id === id)!,
  ...change,
});

function draw() {
  let count = 0;
  const next = (): string => String((count += 1));
  return {
    id: () => `00000000-0000-4000-8000-${next().padStart(12, '0')}`,
    seed: () => next().padStart(64, '0'),
  };
}

const facts = (change: Partial<LadderFacts> = {}): LadderFacts => ({
  policy: policy('best'),
  mode: 'real',
  sessionId: SESSION,
  target: target('ata-ssd'),
  capabilities: read(ata()),
  techniques: TECHNIQUES,
  draw: draw(),
  ...change,
});
const tried = (change: Partial<LadderFacts> = {}): string[] =>
  ladder(facts(change)).rungs.map((plan) => plan.technique);

describe('the ladder of plans for a drive', () => {
  it('begins with what flash does best; of what reaches less, what can be proved comes first', () => {
    expect(tried()).toEqual([
      'ata-sanitize-block',
      'ata-sanitize-crypto',
      'overwrite',
      'ata-security-erase-enhanced',
      'ata-security-erase',
    ]);
  });

  it('prefers a disk’s own overwrite to the change of a key that may never have protected', () => {
    expect(tried({ target: target('ata-hdd') }).slice(0, 3)).toEqual([
      'ata-sanitize-overwrite',
      'ata-sanitize-crypto',
      'ata-security-erase-enhanced',
    ]);
  });

  it('does not count on encryption that was shown to be flawed, and says so', () => {
    const { rungs, passedOver } = ladder(facts({ target: target('ata-ssd', 'Samsung SSD 850 EVO 500GB') }));
    expect(rungs.map((plan) => plan.technique)).not.toContain('ata-sanitize-crypto');
    expect(passedOver).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining({ code: 'flawed-encryption' }) }),
    );
  });

  it('passes over a technique whose own estimate is beyond the budget', () => {
    const slow = ata({
      sanitize: null,
      security: {
        ...{ state: 'SEC1', attemptsExpired: false, enhanced: false },
        ...{ eraseMinutes: 90 * 24 * 60, enhancedMinutes: null },
      },
    });
    const { rungs, passedOver } = ladder(facts({ capabilities: read(slow) }));
    expect(rungs.map((plan) => plan.technique)).toEqual(['overwrite']);
    expect(passedOver.map(({ reason }) => reason.code)).toContain('over-budget');
    expect(rungs[0]?.reasons.map(({ code }) => code)).toContain('below-request');
  });

  it('frees, unlocks and opens hidden areas first', () => {
    const hidden = ata({
      hpa: { state: 'hidden', realBytes: 2 * GIB },
      dco: { state: 'hidden', realBytes: 3 * GIB },
      sanitize: null,
      security: {
        ...{ state: 'SEC6', attemptsExpired: false, enhanced: true },
        ...{ eraseMinutes: 1, enhancedMinutes: 1 },
      },
    });
    const [plan] = ladder(facts({ capabilities: read(hidden), target: target('ata-hdd') })).rungs;
    expect(plan?.steps.map((step) => (step.kind === 'reveal' ? step.area : step.kind))).toEqual([
      ...['unfreeze', 'unlock', 'hpa', 'dco', 'remember', 'firmware', 'compare', 'scan'],
    ]);
    expect(sizeAfter(GIB, plan?.steps ?? [])).toBe(3 * GIB);
  });

  it('overwrites where the drive’s means are not known, and says that they are not', () => {
    const failure = { code: 'nonsense', source: 'hdparm', detail: '' } as const;
    const { rungs } = ladder(facts({ capabilities: { outcome: 'failed', failure } }));
    expect(rungs.map((plan) => plan.technique)).toEqual(['overwrite']);
    expect(rungs[0]?.reasons.map(({ code }) => code)).toContain('means-unknown');
  });

  it('gives removable flash a pattern, its complement and a keyed pass', () => {
    const [plan] = ladder(
      facts({ target: target('usb-flash'), capabilities: read({ interface: 'plain' }) }),
    ).rungs;
    expect(plan?.levelExpected).toBe('clear');
    expect(plan?.steps.filter((step) => step.kind === 'overwrite')).toHaveLength(3);
  });

  it.each(LEGACY_SEQUENCES.map(({ id, passes }) => [id, passes.length] as const))(
    'carries out %s as %i passes, labelled as no better',
    (sequence, passes) => {
      const [plan] = ladder(facts({ policy: policy('overwrite', { sequence }) })).rungs;
      expect(plan?.steps.filter((step) => step.kind === 'overwrite')).toHaveLength(passes);
      expect(plan?.reasons.map(({ code }) => code)).toContain('legacy-sequence');
    },
  );

  it('knows no next rung where the policy allows none, and asks anew before a lower level', () => {
    expect(tried({ policy: policy('best', { fallback: 'none' }) })).toHaveLength(1);
    const same = ladder(facts({ policy: policy('best', { fallback: 'same-level' }) })).rungs;
    expect(same.every((plan) => plan.levelExpected === 'purge')).toBe(true);
    const all = ladder(facts());
    const last = all.rungs.length - 1;
    expect(nextRung(all, 1, 'purge', [])).toMatchObject({ confirmAgain: false });
    expect(nextRung(all, last, 'purge', [])).toMatchObject({ confirmAgain: true });
    expect(nextRung(all, last + 1, 'purge', [])).toBeNull();
    expect(nextRung(all, 1, 'purge', [{ code: 'still-locked', fr: '', en: '' }])).toBeNull();
  });

  const flags = fc.record({
    state: fc.constantFrom('SEC1', 'SEC2', 'SEC4', 'SEC5', 'SEC6'),
    attemptsExpired: fc.boolean(),
    enhanced: fc.boolean(),
    eraseMinutes: fc.option(fc.nat(100_000)),
    enhancedMinutes: fc.option(fc.nat(100_000)),
  });
  const area = fc.oneof(
    fc.constant({ state: 'none' as const }),
    fc.constant({ state: 'not-supported' as const }),
    fc.record({
      state: fc.constant('hidden' as const),
      realBytes: fc.integer({ min: GIB + 512, max: 9 * GIB }),
    }),
    fc.constant({
      state: 'unknown' as const,
      failure: { code: 'nonsense' as const, source: 'hdparm', detail: '' },
    }),
  );
  const means = fc.record({
    interface: fc.constant('ata' as const),
    security: fc.option(flags),
    sanitize: fc.option(
      fc.record({
        ...{ crypto: fc.boolean(), block: fc.boolean(), overwrite: fc.boolean() },
        state: fc.constantFrom('SD0', 'SD1', 'SD2', 'SD3', 'unknown'),
      }),
    ),
    ...{ hpa: area, dco: area, ama: area },
  }) as fc.Arbitrary<Ata>;

  it('whatever a drive says, every plan would show what it claims, and claims what the law gives', () => {
    const media = fc.constantFrom<Medium>('ata-hdd', 'ata-ssd');
    fc.assert(
      fc.property(means, media, fc.constantFrom(...POLICIES), (said, medium, asked) => {
        const { rungs } = ladder(facts({ capabilities: read(said), target: target(medium), policy: asked }));
        const shut = said.security?.state === 'SEC4' && said.security.attemptsExpired;
        expect(rungs.length > 0).toBe(!shut);
        for (const plan of rungs) {
          expect(planFlaw(plan)).toBeNull();
          const hides = [said.hpa, said.dco, said.ama].some(({ state }) => state === 'hidden');
          if (hides) expect(plan.steps.some((step) => step.kind === 'reveal')).toBe(true);
          // What runs already is waited for, and nothing else comes before a password is off.
          const waits = said.sanitize?.state === 'SD2';
          const [first, second] = plan.steps.map(({ kind }) => kind);
          expect(first === 'await-sanitize').toBe(waits);
          if (said.security?.state === 'SEC4') expect(waits ? second : first).toMatch(/^un(?:lock|freeze)$/);
        }
        const levels = rungs.map((plan) => plan.levelExpected);
        expect(levels.every((level, at) => at === 0 || atLeast(levels[at - 1]!, level))).toBe(true);
      }),
    );
  });
});
