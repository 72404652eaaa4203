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
  REVEAL,
  SAMPLE,
  SAMPLED,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import type { PlanStep, Technique } from '../words/steps.ts';
import type { Level } from '../words/sanitize.ts';
import { atLeast, LEVELS_IN_ORDER, placesOf, planFlaw, sizeAfter, verificationOf } from './plan-laws.ts';

const ZEROS: PlanStep = { kind: 'overwrite', pattern: { kind: 'bytes', hex: '00' } };
const ZEROS_BACK: PlanStep = {
  kind: 'read-back',
  pattern: { kind: 'bytes', hex: '00' },
  extent: { kind: 'full' },
};
const ONES_BACK: PlanStep = { ...ZEROS_BACK, pattern: { kind: 'bytes', hex: 'ff' } };
const BLOCK = firmware('nvme-sanitize-block');
const UNFREEZE: PlanStep = { kind: 'unfreeze' };

const overwriting = (...steps: PlanStep[]) =>
  planFlaw(stepPlan({ target: HDD_TARGET, means: ATA_MEANS, technique: 'overwrite', steps }));
const erasing = (...steps: PlanStep[]) =>
  planFlaw(stepPlan({ target: NVME_TARGET, means: NVME_MEANS, technique: 'nvme-sanitize-block', steps }));
const sampledBy = (change: Partial<typeof SAMPLE>): PlanStep => ({
  ...{ kind: 'read-back', pattern: { kind: 'keyed' } },
  extent: { kind: 'sample', sampling: { ...SAMPLE, ...change } },
});

describe('a plan is sound', () => {
  it.each(Object.entries(EXAMPLES) as [string, PlanWishes][])('%s', (_, wishes) => {
    expect(planFlaw(stepPlan(wishes))).toBeNull();
  });

  it('with the passes of a legacy sequence, the last of them read back', () => {
    expect(overwriting(ZEROS, OVERWRITE, ZEROS, ZEROS_BACK)).toBeNull();
    expect(overwriting(OVERWRITE, ZEROS, OVERWRITE, READ_BACK)).toBeNull();
  });

  it('with an overwrite before a firmware technique, which is compared by itself', () => {
    expect(erasing(OVERWRITE, REMEMBER, BLOCK, COMPARE)).toBeNull();
    expect(erasing(OVERWRITE, READ_BACK, REMEMBER, BLOCK, COMPARE)).toBeNull();
    expect(erasing(OVERWRITE, READ_BACK, UNFREEZE, REMEMBER, UNFREEZE, BLOCK, UNFREEZE, COMPARE)).toBeNull();
  });

  it('with an overwrite after it, and the comparison before that one', () => {
    expect(erasing(REMEMBER, BLOCK, COMPARE, OVERWRITE, READ_BACK)).toBeNull();
    expect(erasing(REMEMBER, BLOCK, REMEMBER, COMPARE, OVERWRITE, READ_BACK)).toBeNull();
  });

  it('whose areas are given back after whatever else makes the drive ready', () => {
    expect(overwriting(UNFREEZE, { kind: 'unlock' }, REVEAL, OVERWRITE, READ_BACK)).toBeNull();
    expect(overwriting(REVEAL, UNFREEZE, OVERWRITE, READ_BACK)).toBeNull();
  });
});

describe('a plan is flawed', () => {
  it('when the technique that its level rests on is not the one that is carried out', () => {
    expect(overwriting(REVEAL)).toBe('no-technique');
    expect(overwriting(OVERWRITE, READ_BACK, BLOCK)).toBe('no-technique');
    expect(erasing(OVERWRITE, READ_BACK)).toBe('no-technique');
    expect(erasing(REMEMBER, firmware('nvme-format-1'), COMPARE)).toBe('no-technique');
    expect(erasing(REMEMBER, BLOCK, BLOCK, COMPARE)).toBe('no-technique');
  });

  it('when what was written last is not read back as it was written', () => {
    expect(overwriting(OVERWRITE)).toBe('no-read-back');
    expect(overwriting(READ_BACK, OVERWRITE)).toBe('no-read-back');
    expect(overwriting(OVERWRITE, READ_BACK, ZEROS)).toBe('no-read-back');
    expect(overwriting(OVERWRITE, ZEROS_BACK)).toBe('no-read-back');
    expect(overwriting(OVERWRITE, READ_BACK, ZEROS_BACK)).toBe('no-read-back');
    expect(overwriting(ZEROS, READ_BACK)).toBe('no-read-back');
    expect(overwriting(ZEROS, ONES_BACK)).toBe('no-read-back');
    expect(overwriting(ZEROS, ZEROS_BACK)).toBeNull();
    expect(erasing(REMEMBER, BLOCK, COMPARE, OVERWRITE)).toBe('no-read-back');
  });

  it('when it would take what was there before for proof: read back after a firmware technique that did nothing', () => {
    expect(erasing(REMEMBER, OVERWRITE, BLOCK, COMPARE, READ_BACK)).not.toBeNull();
    expect(erasing(OVERWRITE, REMEMBER, BLOCK, COMPARE, READ_BACK)).toBe('no-read-back');
    // Zeros that nobody wrote: a drive may make them up.
    expect(erasing(REMEMBER, BLOCK, COMPARE, ZEROS_BACK)).toBe('no-read-back');
  });

  it('when nothing would show that a firmware technique changed anything', () => {
    expect(erasing(BLOCK)).toBe('no-comparison');
    expect(erasing(REMEMBER, BLOCK)).toBe('no-comparison');
    expect(erasing(BLOCK, COMPARE)).toBe('no-comparison');
    expect(erasing(COMPARE, BLOCK, REMEMBER)).toBe('no-comparison');
    expect(erasing(REMEMBER, COMPARE, BLOCK)).toBe('no-comparison');
    expect(erasing(REMEMBER, COMPARE, BLOCK, OVERWRITE, READ_BACK)).toBe('no-comparison');
    expect(erasing(REMEMBER, OVERWRITE, BLOCK, COMPARE)).toBe('no-comparison');
    expect(erasing(REMEMBER, BLOCK, OVERWRITE, READ_BACK, COMPARE)).toBe('no-comparison');
    expect(erasing(REMEMBER, BLOCK, REMEMBER, OVERWRITE, READ_BACK, COMPARE)).toBe('no-comparison');
  });

  it('when an area is revealed after the erasing began, or the drive shrinks', () => {
    expect(overwriting(OVERWRITE, REVEAL, READ_BACK)).toBe('hidden-too-late');
    expect(overwriting(OVERWRITE, READ_BACK, REVEAL)).toBe('hidden-too-late');
    const to = (realBytes: number): PlanStep => ({ kind: 'reveal', area: 'hpa', realBytes });
    expect(overwriting(to(HDD_TARGET.sizeBytes), OVERWRITE, READ_BACK)).toBe('hidden-too-late');
    expect(overwriting(to(HDD_TARGET.sizeBytes - 1), OVERWRITE, READ_BACK)).toBe('hidden-too-late');
    expect(overwriting(to(500e9), to(490e9), OVERWRITE, READ_BACK)).toBe('hidden-too-late');
    expect(overwriting(to(490e9), to(500e9), OVERWRITE, READ_BACK)).toBeNull();
  });

  it('when its sample is thinner than NIST SP 800-88r1 asks for', () => {
    expect(overwriting(OVERWRITE, sampledBy({}))).toBeNull();
    expect(overwriting(OVERWRITE, sampledBy({ sections: 999 }))).toBe('thin-sample');
    expect(overwriting(OVERWRITE, sampledBy({ placesPerSection: 1 }))).toBe('thin-sample');
    const fivePercent = HDD_TARGET.sizeBytes / 1000 / 20;
    expect(overwriting(OVERWRITE, sampledBy({ placeBytes: fivePercent }))).toBeNull();
    expect(overwriting(OVERWRITE, sampledBy({ placeBytes: fivePercent - 1 }))).toBe('thin-sample');
    // The size with what was revealed counts.
    expect(overwriting(REVEAL, OVERWRITE, sampledBy({ placeBytes: fivePercent }))).toBe('thin-sample');
  });

  it('unless its last erasing step is shown by what follows it, whatever the order', () => {
    const anyStep = fc.constantFrom(
      OVERWRITE,
      ZEROS,
      READ_BACK,
      ZEROS_BACK,
      SAMPLED,
      REMEMBER,
      BLOCK,
      COMPARE,
      REVEAL,
    );
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 1, maxLength: 8 }),
        fc.constantFrom<Technique>('overwrite', 'nvme-sanitize-block'),
        (steps, technique) => {
          const plan = stepPlan({ target: HDD_TARGET, means: NVME_MEANS, technique, steps });
          if (planFlaw(plan) !== null) return;
          const last = steps.findLastIndex(({ kind }) => kind === 'overwrite' || kind === 'firmware');
          const [erasing, after] = [steps[last], steps.slice(last + 1).map(({ kind }) => kind)];
          expect(after).toContain(erasing?.kind === 'firmware' ? 'compare' : 'read-back');
          expect(steps.slice(last).map(({ kind }) => kind)).not.toContain('reveal');
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('how far one need not take the drive’s word', () => {
  it.each<[string, PlanStep[], string]>([
    ['all is read back', [OVERWRITE, READ_BACK], 'full-read-back'],
    ['a sample is', [OVERWRITE, SAMPLED], 'sampled-read-back'],
    ['both are', [OVERWRITE, SAMPLED, READ_BACK], 'full-read-back'],
    ['nothing is', [REMEMBER, BLOCK, COMPARE], 'drive-reported'],
    ['it was before the drive erased', [OVERWRITE, READ_BACK, REMEMBER, BLOCK, COMPARE], 'drive-reported'],
    ['only a pass before the last was', [OVERWRITE, READ_BACK, ZEROS], 'drive-reported'],
    ['only bytes that repeat are: a drive may make them up', [ZEROS, ZEROS_BACK], 'drive-reported'],
  ])('when %s', (_, steps, kind) => {
    expect(verificationOf(steps)).toBe(kind);
  });
});

it('the size after steps is that of the last area revealed', () => {
  expect(sizeAfter(480e9, [])).toBe(480e9);
  expect(sizeAfter(480e9, [REVEAL, OVERWRITE])).toBe(500e9);
});

it('a sample has no more places than fit on the drive', () => {
  expect(placesOf(SAMPLE, NVME_TARGET.sizeBytes)).toBe(2000);
  expect(placesOf({ ...SAMPLE, placeBytes: 4096 }, 40_960)).toBe(10);
  expect(placesOf({ ...SAMPLE, placeBytes: 4096 }, 45_055)).toBe(10);
});

it('levels are in their order', () => {
  expect(LEVELS_IN_ORDER).toEqual(['none', 'clear', 'purge', 'destroy'] satisfies Level[]);
  for (const [index, level] of LEVELS_IN_ORDER.entries()) {
    expect(LEVELS_IN_ORDER.filter((each) => atLeast(level, each))).toHaveLength(index + 1);
  }
});
