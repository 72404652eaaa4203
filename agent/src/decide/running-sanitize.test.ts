import { type DriveCapabilities, judge, type Part, planFlaw, POLICIES, type Target } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  ATA_MEANS,
  AWAIT,
  COMPARE,
  firmware,
  HDD_TARGET,
  NVME_MEANS,
  NVME_TARGET,
  OVERWRITE,
  READ_BACK,
  REMEMBER,
  seenPerfectly,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import { TECHNIQUES } from '../sanitize/techniques/index.ts';
import { ladder } from './ladder.ts';
import { sanitizeRuns } from './running-sanitize.ts';

const best = POLICIES.find(({ id }) => id === 'best')!;
const read = (value: DriveCapabilities): Part<DriveCapabilities> => ({ outcome: 'read', sources: [], value });

function waysOf(target: Target, means: DriveCapabilities) {
  const draw = { id: () => crypto.randomUUID(), seed: () => '5e'.repeat(32) };
  const facts = {
    policy: best,
    mode: 'real' as const,
    sessionId: crypto.randomUUID(),
    techniques: TECHNIQUES,
    draw,
  };
  return ladder({ ...facts, target, capabilities: read(means) });
}

function known(part: Part<DriveCapabilities>): DriveCapabilities {
  if (part.outcome !== 'read') throw new Error('not read');
  return part.value;
}
const ata = known(ATA_MEANS) as Extract<DriveCapabilities, { interface: 'ata' }>;
const nvme = known(NVME_MEANS) as Extract<DriveCapabilities, { interface: 'nvme' }>;
const NONE_HIDDEN = { hpa: { state: 'none' }, dco: { state: 'none' }, ama: { state: 'none' } } as const;
const RUNNING: [string, Target, DriveCapabilities, string][] = [
  [
    'ATA',
    HDD_TARGET,
    { ...ata, ...NONE_HIDDEN, sanitize: { ...ata.sanitize!, state: 'SD2' } },
    'ata-sanitize-overwrite',
  ],
  [
    'NVMe',
    NVME_TARGET,
    { ...nvme, sanitize: { ...nvme.sanitize!, state: 'running' } },
    'nvme-sanitize-block',
  ],
  [
    'SCSI',
    { ...HDD_TARGET, medium: 'scsi-hdd' },
    { interface: 'scsi', sanitize: { crypto: false, block: false, overwrite: true, running: true } },
    'scsi-sanitize-overwrite',
  ],
];

describe('a drive whose sanitize runs', () => {
  it.each(RUNNING)(
    'is waited for first, in every plan, and then sanitized anew: %s',
    (_, target, means, technique) => {
      expect(sanitizeRuns(means)).toBe(true);
      const { rungs, passedOver } = waysOf(target, means);
      expect(rungs[0]?.technique).toBe(technique);
      expect(passedOver.map((each) => each.technique)).not.toContain(technique);
      for (const plan of rungs) {
        expect(plan.steps[0]).toMatchObject({ kind: 'await-sanitize', stallMs: best.stallMinutes * 60_000 });
        expect(plan.steps.filter(({ kind }) => kind === 'await-sanitize')).toHaveLength(1);
        expect(plan.reasons.map(({ code }) => code)).toContain('awaits-sanitize');
        expect(planFlaw(plan)).toBeNull();
      }
    },
  );

  it('is none where the drive says another thing, or nothing', () => {
    for (const means of [
      null,
      ata,
      nvme,
      { interface: 'plain' },
      { interface: 'scsi', sanitize: null },
    ] as const)
      expect(sanitizeRuns(means)).toBe(false);
    for (const { steps } of waysOf(NVME_TARGET, nvme).rungs)
      expect(steps.some(({ kind }) => kind === 'await-sanitize')).toBe(false);
  });
});

describe('the law', () => {
  const plan = (steps: Parameters<typeof stepPlan>[0]['steps']) =>
    stepPlan({ target: NVME_TARGET, means: NVME_MEANS, technique: 'nvme-sanitize-block', steps });
  const ERASE = firmware('nvme-sanitize-block');

  it('lets nothing follow from a sanitize of before, however well it ended', () => {
    // Waited for, and the drive refused to begin another: what changed since was not this session's doing.
    const whole = plan([AWAIT, REMEMBER, ERASE, COMPARE]);
    const perfect = seenPerfectly(whole);
    const steps = perfect.steps.map((step) =>
      step.kind === 'firmware' ? { ...step, accepted: 'refused' as const, ended: 'unknown' as const } : step,
    );
    const observations = { ...perfect, steps };
    expect(judge({ plan: whole, observations, capabilities: NVME_MEANS }).outcome).toBe('failed');
    const alone = stepPlan({
      target: NVME_TARGET,
      means: NVME_MEANS,
      technique: 'overwrite',
      steps: [AWAIT],
    });
    expect(planFlaw(alone)).toBe('no-technique');
  });

  it.each([
    ['between what was remembered and the erase', [REMEMBER, AWAIT, ERASE, COMPARE]],
    ['after the erase', [REMEMBER, ERASE, AWAIT, COMPARE]],
    ['a second time', [AWAIT, AWAIT, REMEMBER, ERASE, COMPARE]],
  ])('has it awaited first: not %s', (_, steps) => {
    expect(planFlaw(plan(steps))).toBe('awaited-too-late');
  });

  it('has it awaited before an overwrite, not after it', () => {
    const overwriting = (steps: Parameters<typeof plan>[0]) =>
      planFlaw(stepPlan({ target: NVME_TARGET, means: NVME_MEANS, technique: 'overwrite', steps }));
    expect(overwriting([AWAIT, OVERWRITE, READ_BACK])).toBeNull();
    expect(overwriting([OVERWRITE, AWAIT, READ_BACK])).toBe('awaited-too-late');
  });
});
