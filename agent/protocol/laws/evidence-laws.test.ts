import { describe, expect, it } from 'vitest';
import {
  ATA_MEANS,
  EXAMPLES,
  HDD_TARGET,
  NVME_MEANS,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import type { Evidence, EvidenceV2 } from '../words/sanitize.ts';
import type { Command, PlanStep } from '../words/steps.ts';
import { lastAttempts, planFollows } from './evidence-laws.ts';

const NOISE = stepEvidence(stepPlan(EXAMPLES['overwrite, sampled']), NVME_MEANS);
const zeros = { kind: 'bytes', hex: '00' } as const;
const ZERO_STEPS: PlanStep[] = [
  { kind: 'reveal', area: 'hpa', realBytes: 500e9 },
  { kind: 'overwrite', pattern: zeros },
  { kind: 'read-back', pattern: zeros, extent: { kind: 'full' } },
];
const ZEROS = stepEvidence(
  stepPlan({ target: HDD_TARGET, means: ATA_MEANS, technique: 'overwrite', steps: ZERO_STEPS }),
  ATA_MEANS,
);

describe('what is carried beside a plan', () => {
  it('has the key of a keyed stream; zeros need none', () => {
    expect(planFollows(NOISE)).toBe(true);
    expect(planFollows({ ...NOISE, stream: null })).toBe(false);
    expect(planFollows({ ...ZEROS, stream: null })).toBe(true);
    // One pass among other steps is enough.
    const wishes = EXAMPLES['hidden area, overwrite, full read-back'];
    const revealed = stepEvidence(stepPlan(wishes), wishes.means);
    expect([planFollows(revealed), planFollows({ ...revealed, stream: null })]).toEqual([true, false]);
    const nothing = stepEvidence(stepPlan(EXAMPLES['NVMe sanitize, samples']), NVME_MEANS);
    expect(planFollows({ ...nothing, stream: null })).toBe(true);
  });

  it('has every command, as long as there is room for 256', () => {
    const command = NOISE.commands.list[0] as Command;
    const commands = (total: number, listed: number) =>
      planFollows({ ...NOISE, commands: { total, list: Array.from({ length: listed }, () => command) } });
    expect(commands(0, 0)).toBe(true);
    expect(commands(255, 255)).toBe(true);
    expect(commands(256, 255)).toBe(false);
    expect(commands(255, 256)).toBe(false);
    expect(commands(256, 256)).toBe(true);
    expect(commands(257, 256)).toBe(true);
    expect(commands(100_000, 256)).toBe(true);
    expect(commands(258, 257)).toBe(false);
  });
});

describe('the last attempt on each drive', () => {
  const on = (path: string, planId: string): EvidenceV2 => ({
    ...NOISE,
    plan: { ...NOISE.plan, planId, target: { ...NOISE.plan.target, path } },
  });
  const told = (all: Evidence[]): [string, number][] =>
    lastAttempts(all).map(({ evidence, index }) => [(evidence as EvidenceV2).plan.planId, index]);

  it('says how it was left, and keeps its place in the list', () => {
    expect(told([])).toEqual([]);
    const all = [on('/dev/sda', 'a1'), on('/dev/sdb', 'b1'), on('/dev/sda', 'a2'), on('/dev/sdc', 'c1')];
    expect(told(all)).toEqual([
      ['b1', 1],
      ['a2', 2],
      ['c1', 3],
    ]);
  });
});
