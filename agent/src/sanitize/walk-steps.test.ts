import { type DriveIdentity, judge, type PlanStep, type PlanV2, type StepSeen } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  EXAMPLES,
  firmware,
  HDD_TARGET,
  type PlanWishes,
  seenPerfectly,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import type { BlockWriter } from '../effects/block.ts';
import type { RunStep, StepAbout, StepDoors, StepRunners } from './steps/step.ts';
import { commandLog, walkSteps } from './walk-steps.ts';

const THAWED = EXAMPLES['thawed, unlocked, revealed, enhanced erase'];
const UNTOUCHED: BlockWriter = {
  direct: true,
  descriptor: -1,
  read: () => Promise.reject(new Error('not of this test')),
  write: () => Promise.reject(new Error('not of this test')),
  flush: () => Promise.reject(new Error('not of this test')),
  buffers: () => [],
  close: () => Promise.resolve(),
};

type Run = (about: StepAbout, doors: StepDoors) => StepSeen;

/** Walks a plan whose steps are seen perfectly, but for the one that `instead` stands for. */
async function walk(wishes: PlanWishes, instead: { [K in PlanStep['kind']]?: Run | null } = {}) {
  const plan = stepPlan(wishes);
  const perfect = seenPerfectly(plan).steps;
  const ran: string[] = [];
  const stop = new AbortController();
  const drive = { identity: plan.target.identity, sizeBytes: plan.target.sizeBytes };
  const run: RunStep<PlanStep['kind']> = async (step, about, doors) => {
    ran.push(step.kind);
    const seen = instead[step.kind]?.(about, doors) ?? perfect[about.index]!;
    if (seen.kind === 'reveal') drive.sizeBytes = seen.sizeAfter ?? drive.sizeBytes;
    return await Promise.resolve(seen);
  };
  const kinds = plan.steps.map(({ kind }) => kind).filter((kind) => instead[kind] !== null);
  const identified: number[] = [];
  const observations = await walkSteps(plan, 'ab'.repeat(32), {
    writer: UNTOUCHED,
    monotonic: () => 0,
    progress: () => {},
    signal: stop.signal,
    command: () => {},
    runners: Object.fromEntries(kinds.map((kind) => [kind, run])),
    identify: () => {
      identified.push(ran.length);
      return Promise.resolve({ ...drive, diskseq: plan.target.diskseq });
    },
  });
  const { outcome, reasons } = judge({ plan, observations, capabilities: wishes.means });
  return { plan, observations, outcome, codes: reasons.map(({ code }) => code), ran, identified, drive };
}

describe('a plan is walked', () => {
  it.each(Object.entries(EXAMPLES) as [string, PlanWishes][])('to its end: %s', async (_, wishes) => {
    const { plan, observations, ran, outcome } = await walk(wishes);
    expect(ran).toEqual(plan.steps.map(({ kind }) => kind));
    expect(observations).toEqual(seenPerfectly(plan));
    expect(outcome).toBe('done');
  });

  it('with the size that each step meets, and what was seen before it', async () => {
    const met: [number, number][] = [];
    const look: Run = ({ sizeBytes, seen, index }) => {
      met.push([sizeBytes, seen.length]);
      return seenPerfectly(stepPlan(THAWED)).steps[index]!;
    };
    await walk(THAWED, { unfreeze: look, reveal: look, firmware: look });
    expect(met).toEqual([
      [HDD_TARGET.sizeBytes, 0],
      [HDD_TARGET.sizeBytes, 2],
      [500e9, 4],
    ]);
  });

  it('no further than the first step that did not come to its end, and identity is read again then', async () => {
    const { observations, ran, outcome, codes, identified } = await walk(THAWED, {
      unlock: () => ({ kind: 'unlock', lockedAfter: true }),
    });
    expect(ran).toEqual(['unfreeze', 'unlock']);
    expect(observations.stopped).toBeNull();
    expect(observations.after).toEqual({ identity: HDD_TARGET.identity, sizeBytes: HDD_TARGET.sizeBytes });
    expect(identified.at(-1)).toBe(2);
    expect([outcome, codes]).toEqual(['failed', ['still-locked']]);
  });

  it('never over a firmware erase whose end nobody saw', async () => {
    const wishes = EXAMPLES['NVMe sanitize, then overwrite and full read-back'];
    const unseen = seenPerfectly(stepPlan(wishes)).steps[1]! as Extract<StepSeen, { kind: 'firmware' }>;
    const { ran, outcome } = await walk(wishes, { firmware: () => ({ ...unseen, ended: 'unknown' }) });
    expect(ran).toEqual(['remember', 'firmware']);
    expect(outcome).toBe('unknown');
  });
});

describe('a step that', () => {
  it('throws becomes evidence, with what was seen before it', async () => {
    const { observations, outcome, codes } = await walk(THAWED, {
      firmware: () => {
        throw Object.assign(new Error('no'), { code: 'EIO' });
      },
    });
    expect(observations.steps.map(({ kind }) => kind)).toEqual(['unfreeze', 'unlock', 'reveal', 'remember']);
    expect(observations.stopped?.fr).toContain('EIO');
    expect(observations.after).not.toBeNull();
    expect([outcome, codes]).toEqual(['unknown', ['step-broke-off']]);
  });

  it('gives up says why, and the plan ends', async () => {
    const why = { code: 'dying-drive', fr: 'trop lent', en: 'too slow' };
    const { observations, outcome, ran } = await walk(THAWED, {
      reveal: (_about, doors) => {
        doors.giveUp(why);
        return { kind: 'reveal', sizeAfter: 500e9 };
      },
    });
    expect(observations.stopped).toEqual(why);
    expect(ran.at(-1)).toBe('reveal');
    expect(outcome).toBe('unknown');
  });

  it('this agent does not know is not begun', async () => {
    const { observations, ran, codes } = await walk(THAWED, { reveal: null });
    expect(ran).toEqual(['unfreeze', 'unlock']);
    expect(observations.steps).toHaveLength(2);
    expect(codes).toContain('step-not-known');
  });
});

describe('the drive', () => {
  const other: DriveIdentity = { ...HDD_TARGET.identity, serial: 'SN-OTHER' };

  async function walkOn(identities: readonly (DriveIdentity | null)[], plan: PlanV2) {
    let asked = 0;
    const ran: string[] = [];
    const perfect = seenPerfectly(plan).steps;
    const run: RunStep<PlanStep['kind']> = async (step, { index }) => {
      ran.push(step.kind);
      return await Promise.resolve(perfect[index]!);
    };
    const runners = Object.fromEntries(plan.steps.map(({ kind }) => [kind, run])) as StepRunners;
    const observations = await walkSteps(plan, 'ab'.repeat(32), {
      ...{ writer: UNTOUCHED, monotonic: () => 0, progress: () => {}, command: () => {}, runners },
      signal: new AbortController().signal,
      identify: () => {
        const identity = identities[Math.min(asked, identities.length - 1)];
        asked += 1;
        const { sizeBytes, diskseq } = plan.target;
        return Promise.resolve(identity ? { identity, sizeBytes, diskseq } : null);
      },
    });
    return { observations, ran };
  }
  const steps: PlanStep[] = [{ kind: 'unlock' }, firmware('ata-sanitize-overwrite')];
  const plan = stepPlan({ ...THAWED, technique: 'ata-sanitize-overwrite', steps });

  it.each([
    ['is another', other, 'serial-changed'],
    ['does not answer', null, 'drive-gone'],
  ])('that %s at the beginning is not touched, and nothing is said of its end', async (_, first, code) => {
    const { observations, ran } = await walkOn([first], plan);
    expect(ran).toEqual([]);
    expect(observations).toMatchObject({ steps: [], after: null, stopped: { code } });
  });

  it('that became another between two steps is not erased', async () => {
    const { observations, ran } = await walkOn([HDD_TARGET.identity, other], plan);
    expect(ran).toEqual(['unlock']);
    expect(observations.stopped?.code).toBe('serial-changed');
    expect(observations.after?.identity).toEqual(other);
  });
});

describe('a drive at work, whose sanitize is waited for', () => {
  const wishes = EXAMPLES['NVMe sanitize awaited, then begun anew'];
  const plan = stepPlan(wishes);

  async function walkWith(sizes: readonly (number | null)[]) {
    let asked = 0;
    const ran: string[] = [];
    const perfect = seenPerfectly(plan).steps;
    const run: RunStep<PlanStep['kind']> = async (step, { index }) => {
      ran.push(step.kind);
      return await Promise.resolve(perfect[index]!);
    };
    const { identity, diskseq } = plan.target;
    const observations = await walkSteps(plan, 'ab'.repeat(32), {
      ...{ writer: UNTOUCHED, monotonic: () => 0, progress: () => {}, command: () => {} },
      runners: Object.fromEntries(plan.steps.map(({ kind }) => [kind, run])),
      signal: new AbortController().signal,
      identify: () => {
        const sizeBytes = sizes[Math.min(asked, sizes.length - 1)] ?? null;
        asked += 1;
        return Promise.resolve({ identity, diskseq, sizeBytes });
      },
    });
    return { ran, codes: observations.stopped && [observations.stopped.code] };
  }

  it('may not say how large it is before it has ended', async () => {
    const { ran, codes } = await walkWith([null, plan.target.sizeBytes]);
    expect(ran).toEqual(plan.steps.map(({ kind }) => kind));
    expect(codes).toBeNull();
  });

  it('is not touched where it still does not say so, or says another size', async () => {
    expect(await walkWith([null])).toEqual({ ran: ['await-sanitize', 'remember'], codes: ['size-changed'] });
    expect(await walkWith([plan.target.sizeBytes - 512])).toEqual({ ran: [], codes: ['size-changed'] });
  });
});

it('commands are counted to the last, and kept to a bound', () => {
  const log = commandLog();
  for (let index = 0; index < 300; index += 1) {
    log.note({
      argv: ['hdparm', String(index)],
      status: 'exit 0',
      durationMs: 1,
      outputSha256: '0'.repeat(64),
    });
  }
  expect(log.all().total).toBe(300);
  expect(log.all().list).toHaveLength(256);
  expect(log.all().list[255]?.argv).toEqual(['hdparm', '255']);
});
