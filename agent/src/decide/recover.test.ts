import { achieves, conclusionsFollow, type PlanV1 } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, KEY, NVME_MEANS, NVME_TARGET, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { interruptedEvidence, type Planned } from './recover.ts';

const tool = { name: 'rebond', version: '0.1.0' } as const;
const at = { wall: '2026-03-14T13:05:09.120Z', timeSource: 'rtc-unverified' } as const;
const plan = stepPlan(EXAMPLES['overwrite, sampled']);
const of = (planned: Pick<Planned, 'plan' | 'capabilities'>) =>
  interruptedEvidence({ ...planned, keyHex: KEY, at }, '5c'.repeat(32), tool);

describe('a wipe that was cut off', () => {
  it('is unknown, at no level, and lawfully so: nobody saw it end', () => {
    const evidence = of({ plan, capabilities: NVME_MEANS });
    expect(evidence).toMatchObject({
      ...{
        schema: 'rebond.evidence/2',
        plan,
        capabilities: NVME_MEANS,
        outcome: 'unknown',
        levelAchieved: 'none',
      },
      ...{
        commands: { total: 0, list: [] },
        tool,
        startedAt: at,
        durationMs: null,
        journalSha256: '5c'.repeat(32),
      },
      stream: { algorithm: 'aes-256-ctr', keyHex: KEY },
    });
    expect(evidence.observations).toEqual({
      steps: [],
      after: null,
      stopped: expect.objectContaining({ code: 'interrupted' }),
    });
    expect(evidence.reasons.map(({ code }) => code)).toEqual(['interrupted', 'identity-not-checked']);
    expect(conclusionsFollow(evidence)).toBe(true);
  });

  it('rests on nothing where its journal does not say what the drive was asked', () => {
    const { observations, outcome, ...rest } = of({ plan });
    expect(observations).toMatchObject({ steps: [] });
    expect(outcome).toBe('unknown');
    expect('capabilities' in rest && rest.capabilities).toEqual({
      outcome: 'failed',
      failure: { code: 'unreadable', source: 'journal', detail: '' },
    });
  });

  it('of a plan of version 1 is an evidence of that version', () => {
    const { level, clause } = achieves('overwrite', 'nvme');
    const first: PlanV1 = {
      ...{
        schema: 'rebond.plan/1',
        sessionId: plan.sessionId,
        mode: 'real',
        target: NVME_TARGET,
        technique: 'overwrite',
      },
      ...{
        verification: 'full-read-back',
        levelRequested: 'clear',
        levelExpected: level,
        clause,
        notCovered: [],
        reasons: [],
      },
    };
    const evidence = of({ plan: first, capabilities: NVME_MEANS });
    expect(evidence).toMatchObject({
      schema: 'rebond.evidence/1',
      plan: first,
      outcome: 'unknown',
      levelAchieved: 'none',
      tool,
    });
    expect(evidence).not.toHaveProperty('capabilities');
    expect(evidence.observations).toEqual({
      ...{ written: null, flushed: false, readBack: null, after: null },
      stopped: expect.objectContaining({ code: 'interrupted' }),
    });
    expect(evidence.reasons.map(({ code }) => code)).toContain('interrupted');
    expect(conclusionsFollow(evidence)).toBe(true);
  });
});
