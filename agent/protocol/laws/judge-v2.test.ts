import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ATA_MEANS,
  COMPARE,
  EXAMPLES,
  firmware,
  HDD_TARGET,
  NVME_MEANS,
  NVME_TARGET,
  OVERWRITE,
  type PlanWishes,
  READ_BACK,
  REMEMBER,
  SAMPLED,
  seenPerfectly,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import type { ObservationsV2, PlanV2 } from '../words/sanitize.ts';
import type { StepSeen } from '../words/steps.ts';
import { conclusionsFollow, judge } from './judge.ts';
import { lastStepEnded } from './judge-v2.ts';

const examples = Object.entries(EXAMPLES) as [string, PlanWishes][];
const judged = (wishes: PlanWishes, observations: ObservationsV2, plan: PlanV2 = stepPlan(wishes)) =>
  judge({ plan, observations, capabilities: wishes.means });
const codes = (reasons: readonly { code: string }[]): string[] => reasons.map(({ code }) => code);

describe('what a plan of steps comes to', () => {
  it.each([
    ['hidden area, overwrite, full read-back', 'clear'],
    ['overwrite, sampled', 'clear'],
    ['NVMe sanitize, samples', 'purge'],
    ['NVMe sanitize, samples and scan', 'purge'],
    ['NVMe sanitize, then overwrite and full read-back', 'purge'],
    ['thawed, unlocked, revealed, enhanced erase', 'purge'],
  ] as const)('%s is done at %s when everything was seen', (name, level) => {
    const plan = stepPlan(EXAMPLES[name]);
    expect(judged(EXAMPLES[name], seenPerfectly(plan))).toEqual({
      outcome: 'done',
      levelAchieved: level,
      reasons: [],
    });
    expect(conclusionsFollow(stepEvidence(plan, EXAMPLES[name].means))).toBe(true);
  });

  it('is at no level in a rehearsal', () => {
    const wishes = { ...EXAMPLES['overwrite, sampled'], change: { mode: 'rehearsal' as const } };
    expect(judged(wishes, seenPerfectly(stepPlan(wishes)))).toMatchObject({
      outcome: 'done',
      levelAchieved: 'none',
    });
  });
});

/** Each way in which one step may be seen to go wrong, or not be seen at all. */
const SPOILT: { [K in StepSeen['kind']]: [Partial<Extract<StepSeen, { kind: K }>>, string, string][] } = {
  'await-sanitize': [
    [{ runningAfter: true }, 'unknown', 'still-running'],
    [{ runningAfter: null }, 'unknown', 'running-unknown'],
  ],
  unfreeze: [
    [{ frozenAfter: true }, 'failed', 'still-frozen'],
    [{ frozenAfter: null }, 'unknown', 'freeze-unknown'],
  ],
  unlock: [
    [{ lockedAfter: true }, 'failed', 'still-locked'],
    [{ lockedAfter: null }, 'unknown', 'lock-unknown'],
  ],
  reveal: [
    [{ sizeAfter: HDD_TARGET.sizeBytes }, 'failed', 'still-hidden'],
    [{ sizeAfter: null }, 'unknown', 'size-not-read'],
  ],
  remember: [
    [{ places: 0 }, 'unknown', 'too-few-places'],
    [{ places: 1999 }, 'unknown', 'too-few-places'],
  ],
  firmware: [
    [{ accepted: 'refused' }, 'failed', 'technique-refused'],
    [{ accepted: 'refused', ended: 'succeeded' }, 'failed', 'technique-refused'],
    [{ accepted: 'unknown' }, 'unknown', 'acceptance-unknown'],
    [{ ended: 'failed' }, 'failed', 'technique-failed'],
    [{ ended: 'unknown' }, 'unknown', 'end-unknown'],
  ],
  compare: [
    [{ unchanged: 1, unchangedOffsets: [8192] }, 'failed', 'data-left'],
    [{ unreadable: 1 }, 'unknown', 'places-unreadable'],
    [{ places: 1999 }, 'unknown', 'not-all-compared'],
    [{ places: 0 }, 'unknown', 'not-all-compared'],
    [{ direct: false }, 'unknown', 'read-from-cache'],
  ],
  scan: [
    [{ otherOffsets: [4096] }, 'failed', 'not-blank'],
    [{ blankBytes: 512 }, 'unknown', 'not-all-scanned'],
    [{ bytes: 512 }, 'unknown', 'not-all-scanned'],
    [{ unreadable: { count: 1, offsets: [4096], code: 'EIO' } }, 'unknown', 'unreadable-after'],
    [{ direct: false }, 'unknown', 'read-from-cache'],
  ],
  overwrite: [
    [{ bad: { count: 1, offsets: [4096], code: 'EIO' } }, 'failed', 'bad-sectors'],
    [{ bytes: 512 }, 'unknown', 'not-all-written'],
    [{ bytes: Number.MAX_SAFE_INTEGER }, 'unknown', 'not-all-written'],
    [{ flushed: false }, 'unknown', 'not-flushed'],
  ],
  'read-back': [
    [{ mismatchedSectors: 1, mismatches: [4096] }, 'failed', 'read-back-differs'],
    [{ unreadable: { count: 1, offsets: [4096], code: 'EIO' } }, 'failed', 'read-error'],
    [{ matchedBytes: 512 }, 'unknown', 'not-all-read-back'],
    [{ bytes: 512 }, 'unknown', 'not-all-read-back'],
    [{ dueBytes: 512, bytes: 512, matchedBytes: 512 }, 'unknown', 'not-all-read-back'],
    [{ direct: false }, 'unknown', 'read-from-cache'],
  ],
};

describe.each(examples)('of %s', (_, wishes) => {
  const plan = stepPlan(wishes);
  const perfect = seenPerfectly(plan);
  const withStep = (index: number, change: Partial<StepSeen>): ObservationsV2 => ({
    ...perfect,
    steps: perfect.steps.map((each, at) => (at === index ? ({ ...each, ...change } as StepSeen) : each)),
  });

  it('a step that went wrong is failed, and one that was not seen to go well is unknown', () => {
    for (const [index, { kind }] of plan.steps.entries()) {
      for (const [change, outcome, code] of SPOILT[kind]) {
        const seen = withStep(index, change);
        const judgement = judged(wishes, seen, plan);
        expect([kind, judgement.outcome, judgement.levelAchieved]).toEqual([kind, outcome, 'none']);
        expect(codes(judgement.reasons)).toContain(code);
        expect(lastStepEnded(plan, seen.steps.slice(0, index + 1))).toBe(false);
      }
      expect(lastStepEnded(plan, perfect.steps.slice(0, index + 1))).toBe(true);
    }
  });

  it('a plan that stopped before any of its steps is unknown', () => {
    for (let many = 0; many < plan.steps.length; many += 1) {
      const before = seenPerfectly({ ...plan, steps: plan.steps.slice(0, many) });
      expect(judged(wishes, before, plan)).toMatchObject({
        outcome: 'unknown',
        reasons: [{ code: 'step-not-begun' }],
      });
      const stopped = { code: 'stopped-by-operator', fr: 'arrêt', en: 'stop' };
      expect(judged(wishes, { ...before, stopped }, plan)).toMatchObject({
        outcome: 'unknown',
        reasons: [stopped],
      });
    }
  });

  it('what was seen in another order, or beside the plan, shows nothing', () => {
    const reversed = { ...perfect, steps: perfect.steps.toReversed() };
    if (plan.steps.length > 1) expect(judged(wishes, reversed, plan).outcome).not.toBe('done');
    const more = { ...perfect, steps: [...perfect.steps, perfect.steps[0] as StepSeen] };
    expect(codes(judged(wishes, more, plan).reasons)).toContain('plan-flawed');
  });

  it('another drive, another size or no answer at the end is never done', () => {
    const after = perfect.after as NonNullable<ObservationsV2['after']>;
    const identity = { ...after.identity, serial: 'SN-OTHER' };
    const seen = (change: ObservationsV2['after']) => judged(wishes, { ...perfect, after: change }, plan);
    expect(seen({ ...after, identity })).toMatchObject({
      outcome: 'failed',
      reasons: [{ code: 'identity-changed' }],
    });
    expect(seen({ ...after, sizeBytes: after.sizeBytes - 512 })).toMatchObject({
      outcome: 'failed',
      reasons: [{ code: 'size-changed' }],
    });
    expect(seen(null)).toMatchObject({ outcome: 'unknown', reasons: [{ code: 'identity-not-checked' }] });
  });
});

describe('never done', () => {
  /** Any observations whose single facts are drawn from what is possible. */
  const bad = fc.constantFrom({ count: 0, offsets: [], code: null }, { count: 1, offsets: [0], code: 'EIO' });
  const anyOf = (perfect: StepSeen): fc.Arbitrary<StepSeen> => {
    const fields = Object.entries(perfect).map(([name, value]): [string, fc.Arbitrary<unknown>] => {
      if (name === 'kind' || name.startsWith('state')) return [name, fc.constant(value)];
      if (name === 'accepted') return [name, fc.constantFrom('accepted', 'refused', 'unknown')];
      if (name === 'ended') return [name, fc.constantFrom('succeeded', 'failed', 'unknown')];
      if (name === 'bad' || name === 'unreadable')
        return [name, typeof value === 'object' ? bad : fc.constantFrom(0, 1)];
      if (typeof value === 'boolean') return [name, fc.boolean()];
      if (name === 'resumedFrom') return [name, fc.constantFrom(null, 512)];
      if (name === 'lastPercent' || name === 'durationMs' || name === 'blankBefore')
        return [name, fc.constant(value)];
      if (typeof value === 'number')
        return [name, fc.constantFrom(value, value, value, Math.max(0, value - 512), 0)];
      return [name, fc.constant(value)];
    });
    return fc.record(Object.fromEntries(fields)) as unknown as fc.Arbitrary<StepSeen>;
  };

  it.each(examples)('%s: unless all is perfect that conclusions rest on', (_, wishes) => {
    const plan = stepPlan(wishes);
    const perfect = seenPerfectly(plan);
    const steps = fc.tuple(...perfect.steps.map(anyOf));
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: plan.steps.length }), (drawn, many) => {
        const seen = { ...perfect, steps: drawn.slice(0, many) };
        const whole = many === plan.steps.length && differing(drawn, perfect.steps).length === 0;
        expect(judged(wishes, seen, plan).outcome === 'done').toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  function differing(drawn: readonly StepSeen[], perfect: readonly StepSeen[]): string[] {
    return drawn.flatMap((one, index) =>
      Object.entries(one)
        .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(perfect[index]?.[name as 'kind']))
        .map(([name]) => `${one.kind}.${name}`)
        // What could not be read before need not be read again.
        .filter((name) => name !== 'remember.unreadable'),
    );
  }

  it.each<[string, PlanWishes]>([
    ['without a read-back', { ...EXAMPLES['overwrite, sampled'], steps: [OVERWRITE] }],
    ['without its technique', { ...EXAMPLES['NVMe sanitize, samples'], steps: [OVERWRITE, READ_BACK] }],
    [
      'without a comparison',
      { ...EXAMPLES['NVMe sanitize, samples'], steps: [firmware('nvme-sanitize-block')] },
    ],
    [
      'that is compared after an overwrite',
      {
        ...EXAMPLES['NVMe sanitize, samples'],
        steps: [REMEMBER, OVERWRITE, firmware('nvme-sanitize-block'), COMPARE],
      },
    ],
  ])('a plan %s, however perfect all looks', (_, wishes) => {
    const plan = stepPlan(wishes);
    const judgement = judged(wishes, seenPerfectly(plan), plan);
    expect(judgement).toMatchObject({ outcome: 'unknown', levelAchieved: 'none' });
    expect(codes(judgement.reasons)).toContain('plan-flawed');
  });

  it('a drive without a size', () => {
    const target = { ...NVME_TARGET, sizeBytes: 0 };
    const wishes = { ...EXAMPLES['overwrite, sampled'], target, steps: [OVERWRITE, READ_BACK] };
    const judgement = judged(wishes, seenPerfectly(stepPlan(wishes)));
    expect(codes(judgement.reasons)).toContain('empty-drive');
    expect(judgement.outcome).toBe('unknown');
  });
});

describe('the size at the end', () => {
  const wishes = EXAMPLES['hidden area, overwrite, full read-back'];
  const plan = stepPlan(wishes);
  const stopped = { code: 'stopped-by-operator', fr: 'arrêt', en: 'stop' };
  const after = (sizeBytes: number) => ({ identity: HDD_TARGET.identity, sizeBytes });

  it('is the old one where the area was never opened: that is unknown, not a changed drive', () => {
    const seen = { steps: [], after: after(HDD_TARGET.sizeBytes), stopped };
    expect(judged(wishes, seen, plan)).toEqual({
      outcome: 'unknown',
      levelAchieved: 'none',
      reasons: [stopped],
    });
  });

  it('is either where the opening was not seen to end', () => {
    const opening: StepSeen[] = [{ kind: 'reveal', sizeAfter: null }];
    for (const sizeBytes of [HDD_TARGET.sizeBytes, 500e9]) {
      expect(judged(wishes, { steps: opening, after: after(sizeBytes), stopped }, plan).outcome).toBe(
        'unknown',
      );
    }
    expect(judged(wishes, { steps: opening, after: after(490e9), stopped }, plan)).toMatchObject({
      outcome: 'failed',
      reasons: [{ code: 'size-changed' }],
    });
  });
});

it('a conclusion that the law does not draw is not lawful, nor a plan that promises another', () => {
  const evidence = stepEvidence(stepPlan(EXAMPLES['overwrite, sampled']), NVME_MEANS);
  expect(conclusionsFollow(evidence)).toBe(true);
  const { plan } = evidence;
  for (const altered of [
    { ...evidence, outcome: 'failed' as const },
    { ...evidence, levelAchieved: 'purge' as const },
    { ...evidence, reasons: [{ code: 'x', fr: 'x', en: 'x' }] },
    { ...evidence, plan: { ...plan, levelExpected: 'purge' as const } },
    { ...evidence, plan: { ...plan, clause: 'of another standard' } },
    { ...evidence, plan: { ...plan, verification: 'full-read-back' as const } },
    { ...evidence, capabilities: ATA_MEANS },
    { ...evidence, stream: null },
    { ...evidence, commands: { ...evidence.commands, total: 2 } },
    { ...evidence, commands: { total: 1, list: [] } },
  ]) {
    expect(conclusionsFollow(altered)).toBe(false);
  }
});

it('a pass whose read-back is sampled says so, and no more', () => {
  expect(stepPlan({ ...EXAMPLES['overwrite, sampled'], steps: [OVERWRITE, SAMPLED] }).verification).toBe(
    'sampled-read-back',
  );
});
