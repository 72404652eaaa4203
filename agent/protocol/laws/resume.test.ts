import { describe, expect, it } from 'vitest';
import {
  COMPARE,
  EXAMPLES,
  firmware,
  KEY,
  NVME_MEANS,
  NVME_TARGET,
  OVERWRITE,
  type PlanWishes,
  READ_BACK,
  REMEMBER,
  REVEAL,
  SAMPLED,
  seenPerfectly,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import type { PlanStep } from '../words/steps.ts';
import { conclusionsFollow, judge } from './judge.ts';
import { planFlaw } from './plan-laws.ts';

const HALF = 128e9;
const resume = {
  sessionId: '3c4d5e6f-7081-4293-a4b5-c6d7e8f90a1b',
  planId: '4d5e6f70-8192-43a4-b5c6-d7e8f90a1b2c',
  fromBytes: HALF,
};
const RESUMED: PlanStep = { kind: 'overwrite', pattern: { kind: 'keyed' }, resume };
const wishes = (steps: PlanStep[], change: Partial<PlanWishes> = {}): PlanWishes => ({
  ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'overwrite', steps },
  ...change,
});

/** The pass taken up at `resumedFrom`, the rest as `change` says. */
function judged(steps: PlanStep[], resumedFrom: number | null, readBack: object = {}) {
  const plan = stepPlan(wishes(steps));
  const perfect = seenPerfectly(plan);
  const observations = {
    ...perfect,
    steps: perfect.steps.map((step) => {
      if (step.kind === 'overwrite') return { ...step, resumedFrom };
      return step.kind === 'read-back' ? { ...step, ...readBack } : step;
    }),
  };
  const { outcome, reasons } = judge({ plan, observations, capabilities: NVME_MEANS });
  return { outcome, codes: reasons.map(({ code }) => code), plan, observations };
}

describe('a pass that an earlier session began', () => {
  it('is done once all of it was read back in this session', () => {
    const { outcome, codes, plan, observations } = judged([RESUMED, READ_BACK], HALF);
    expect([outcome, codes]).toEqual(['done', []]);
    const evidence = stepEvidence(plan, NVME_MEANS, observations);
    expect(conclusionsFollow(evidence)).toBe(true);
    // Its key is in the evidence: without it nobody could look again at either part.
    expect(evidence.stream?.keyHex).toBe(KEY);
    expect(conclusionsFollow({ ...evidence, stream: null })).toBe(false);
  });

  it('may begin earlier than the plan says, and at 0', () => {
    expect(judged([RESUMED, READ_BACK], HALF - 4096).outcome).toBe('done');
    for (const from of [null, 0]) {
      expect(judged([RESUMED, READ_BACK], from).outcome).toBe('done');
      expect(judged([OVERWRITE, READ_BACK], from).outcome).toBe('done');
    }
  });

  it.each([
    ['only the part written now', { dueBytes: HALF, bytes: HALF, matchedBytes: HALF }, 'not-all-read-back'],
    ['all but a sector', { matchedBytes: NVME_TARGET.sizeBytes - 512 }, 'not-all-read-back'],
    [
      'a part that does not hold what was written',
      { mismatchedSectors: 1, mismatches: [512] },
      'read-back-differs',
    ],
    ['through the cache', { direct: false }, 'read-from-cache'],
  ])('is not done where what was read back is %s', (_, readBack, code) => {
    const { outcome, codes } = judged([RESUMED, READ_BACK], HALF, readBack);
    expect(outcome).not.toBe('done');
    expect(codes).toContain(code);
  });

  it('is not done where it was taken up further on than the plan says, or the plan says nothing of it', () => {
    for (const [steps, from] of [
      [[RESUMED, READ_BACK], HALF + 1],
      [[OVERWRITE, READ_BACK], 512],
      [[OVERWRITE, READ_BACK], 1],
    ] as [PlanStep[], number][]) {
      const { outcome, codes } = judged(steps, from);
      expect([outcome, codes]).toEqual(['unknown', ['resumed-elsewhere']]);
    }
  });
});

describe('a plan that takes up a pass', () => {
  const flawOf = (steps: PlanStep[], change: Partial<PlanWishes> = {}) =>
    planFlaw(stepPlan(wishes(steps, change)));
  const bytes = { kind: 'bytes', hex: '00' } as const;

  it('has no flaw where one keyed pass is read back in full', () => {
    expect(flawOf([RESUMED, READ_BACK])).toBeNull();
    expect(flawOf([{ kind: 'unlock' }, RESUMED, READ_BACK])).toBeNull();
  });

  it.each<[string, PlanStep[], Partial<PlanWishes>?]>([
    ['only a sample is read back', [RESUMED, SAMPLED]],
    [
      'a drive could make its bytes up',
      [{ ...RESUMED, pattern: bytes }, { ...READ_BACK, pattern: bytes } as PlanStep],
    ],
    ['passes before it are out of sight', [OVERWRITE, RESUMED, READ_BACK]],
    ['another pass follows', [RESUMED, OVERWRITE, READ_BACK]],
    [
      'an erase by the drive came between',
      [REMEMBER, firmware('nvme-sanitize-block'), COMPARE, RESUMED, READ_BACK],
      { technique: 'nvme-sanitize-block' },
    ],
    [
      'the drive became larger since',
      [REVEAL, RESUMED, READ_BACK],
      EXAMPLES['hidden area, overwrite, full read-back'],
    ],
    ['it begins after the end', [{ ...RESUMED, resume: { ...resume, fromBytes: 256e9 + 1 } }, READ_BACK]],
  ])('is flawed where %s, and nothing follows from it', (_, steps, change = {}) => {
    const whole = wishes(steps, { ...change, steps });
    const plan = stepPlan(whole);
    expect(planFlaw(plan)).toBe('resumed-blindly');
    const { outcome } = judge({ plan, observations: seenPerfectly(plan), capabilities: whole.means });
    expect(outcome).toBe('unknown');
  });
});
