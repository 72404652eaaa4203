import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { EXAMPLES, NVME_MEANS, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import type { Drive, Part } from '../words/drive.ts';
import type { MachineRecord } from '../words/record.ts';
import type { Evidence, EvidenceV1, EvidenceV2 } from '../words/sanitize.ts';
import type { StepSeen } from '../words/steps.ts';
import { achieves } from './achieves.ts';
import { envelopeBytes } from './envelope.ts';
import { grade } from './grade.ts';
import { judge } from './judge.ts';
import { checkPlausible } from './plausible.ts';
import { verifyDocument } from './verify.ts';

const { record: rehearsal } = await sampleRecord(await makeWorkshop());
const [sample] = rehearsal.sanitizations;
if (sample?.schema !== 'rebond.evidence/1') throw new Error('no sanitization');
const first: EvidenceV1 = sample;

const identity = { transport: 'nvme', model: 'DISQUE', serial: 'S-1', wwid: 'eui.1' } as const;
const target = { ...sample.plan.target, path: '/dev/nvme0n1', medium: 'nvme', identity } as const;

function real(drives: Part<Drive[]> = { outcome: 'read', sources: [], value: [drive()] }): MachineRecord {
  const plan: EvidenceV1['plan'] = { ...first.plan, mode: 'real', target };
  return {
    ...rehearsal,
    mode: 'real',
    notice: null,
    inventory: { ...rehearsal.inventory, drives },
    sanitizations: [{ ...first, plan }],
  };
}

function drive(change: Partial<Drive> = {}): Drive {
  const health = {
    outcome: 'failed',
    failure: { code: 'tool-missing', source: 'smartctl', detail: '' },
  } as const;
  const sizes = { sizeBytes: target.sizeBytes, logicalSectorBytes: 512, physicalSectorBytes: 512 };
  const about = { firmware: null, rotational: false, removable: false, diskseq: null };
  return { path: target.path, identity, medium: 'nvme', ...sizes, ...about, health, ...change };
}

const said = (record: MachineRecord): string => {
  try {
    checkPlausible(record);
    return 'plausible';
  } catch (error) {
    return (error as Error).message;
  }
};
const withDrives = (...value: Drive[]): MachineRecord => real({ outcome: 'read', sources: [], value });
const withEvidence = (change: (evidence: EvidenceV1) => EvidenceV1): MachineRecord => ({
  ...rehearsal,
  sanitizations: [change(first)],
});

describe('a record is impossible', () => {
  it('when one path was sanitized twice', () => {
    expect(said(rehearsal)).toBe('plausible');
    const twice = { ...rehearsal, sanitizations: [...rehearsal.sanitizations, ...rehearsal.sanitizations] };
    expect(said(twice)).toBe('impossible: sanitizations.1.sanitized-twice');
  });

  it('when what was sanitized was also left untouched', () => {
    const reasons = [{ code: 'mounted', fr: 'Monté.', en: 'Mounted.' }];
    const refusal = { path: '/x.img', identity, sizeBytes: null, reasons };
    expect(said({ ...rehearsal, refusals: [{ ...refusal, path: '/y.img' }] })).toBe('plausible');
    const account = { ...rehearsal, accountOf: crypto.randomUUID(), refusals: [refusal] };
    expect(said(account)).toBe('impossible: sanitizations.0.refused-too');
  });

  it('when a real drive is not one of the machine, with the same path and identity', () => {
    expect(said(real())).toBe('plausible');
    const strange = 'impossible: sanitizations.0.not-in-inventory';
    expect(said(withDrives())).toBe(strange);
    expect(said(withDrives(drive({ path: '/dev/nvme1n1' })))).toBe(strange);
    for (const change of [{ serial: 'S-2' }, { model: 'AUTRE' }, { wwid: null }])
      expect(said(withDrives(drive({ identity: { ...identity, ...change } })))).toBe(strange);
    expect(said(real({ outcome: 'absent', sources: [] }))).toBe(strange);
    expect(said({ ...real(rehearsal.inventory.drives), accountOf: crypto.randomUUID() })).toBe(strange);
  });

  it.each(['written', 'readBack'] as const)('when %s says more than 100 GB/s', (step) => {
    const at = (bytes: number, durationMs: number): string =>
      said(
        withEvidence((evidence) => {
          const { observations } = evidence;
          const { written, readBack } = observations;
          const speed = { bytes, durationMs };
          if (!written || !readBack) throw new Error('nothing was seen');
          const faster =
            step === 'written'
              ? { written: { ...written, ...speed } }
              : { readBack: { ...readBack, ...speed } };
          return { ...evidence, observations: { ...observations, ...faster } };
        }),
      );
    expect(at(1e11, 1000)).toBe('plausible');
    expect(at(1e11, 999)).toBe('impossible: sanitizations.0.too-fast');
    expect(at(1e8, 0)).toBe('plausible');
    expect(at(1e8 + 1, 0)).toBe('impossible: sanitizations.0.too-fast');
  });
});

describe('of attempts that are described step by step', () => {
  const plan = stepPlan(EXAMPLES['overwrite, sampled']);
  const evidence = stepEvidence(plan, NVME_MEANS);
  const again = (planId: string, change: Partial<EvidenceV2> = {}): EvidenceV2 => ({
    ...evidence,
    ...{ plan: { ...plan, planId }, ...change },
  });
  const record = (...sanitizations: Evidence[]): MachineRecord => ({ ...rehearsal, sanitizations });
  const [one, two] = ['1c2d3e4f-0000-4c7d-8e9f-0a1b2c3d4e5f', '1c2d3e4f-0000-4c7d-8e9f-0a1b2c3d4e60'];

  it('another may follow one that was not done, by another plan; none one that was', () => {
    const failed = { outcome: 'failed' } as const;
    expect(said(record(again(one, failed), again(two)))).toBe('plausible');
    expect(said(record(again(one), again(two)))).toBe('impossible: sanitizations.1.sanitized-twice');
    expect(said(record(again(one, failed), again(one)))).toBe(
      'impossible: sanitizations.1.carried-out-twice',
    );
    // Version 1 knows no second attempt, however the first one ended.
    const unknown: Evidence = { ...first, outcome: 'unknown' };
    expect(said(record(unknown, first))).toBe('impossible: sanitizations.1.sanitized-twice');
    expect(
      said(
        record(unknown, { ...first, plan: { ...first.plan, target: { ...first.plan.target, path: '/z' } } }),
      ),
    ).toBe('plausible');
  });

  it('no step is faster than a drive, and what was written before a power cut took its time before it', () => {
    const seen = (change: (step: StepSeen) => StepSeen): string => {
      const observations = { ...evidence.observations, steps: evidence.observations.steps.map(change) };
      return said(record({ ...evidence, observations }));
    };
    const fast = 'impossible: sanitizations.0.too-fast';
    expect(seen((step) => step)).toBe('plausible');
    expect(seen((step) => (step.kind === 'read-back' ? { ...step, durationMs: 1 } : step))).toBe(fast);
    const written = (resumedFrom: number | null, durationMs: number): string =>
      seen((step) => (step.kind === 'overwrite' ? { ...step, resumedFrom, durationMs } : step));
    const { sizeBytes } = plan.target;
    expect(written(null, 1)).toBe(fast);
    expect(written(sizeBytes - 1e8, 1)).toBe('plausible');
    expect(written(sizeBytes - 1e8 - 1, 1)).toBe(fast);
    expect(written(null, sizeBytes / 1e8)).toBe('plausible');
    const bytes = (many: number): string =>
      seen((step) => (step.kind === 'overwrite' ? { ...step, bytes: many, durationMs: 1 } : step));
    expect([bytes(1e8), bytes(1e8 + 1)]).toEqual(['plausible', fast]);
  });

  it('steps that carry no bytes, or read what is not all there, have no speed', () => {
    const wishes = EXAMPLES['NVMe sanitize, samples and scan'];
    const erased = stepEvidence(stepPlan(wishes), NVME_MEANS);
    const steps = erased.observations.steps.map((step): StepSeen =>
      'durationMs' in step ? { ...step, durationMs: 0 } : step,
    );
    expect(said(record({ ...erased, observations: { ...erased.observations, steps } }))).toBe('plausible');
  });

  it('what was not seen at all took no time', () => {
    const observations = { ...first.observations, written: null, readBack: null };
    expect(said(record({ ...first, observations }))).toBe('plausible');
  });
});

function ofSession(each: Evidence, sessionId: string): Evidence {
  return each.schema === 'rebond.evidence/1'
    ? { ...each, plan: { ...each.plan, sessionId } }
    : { ...each, plan: { ...each.plan, sessionId } };
}

it('verifying a document refuses it by this code', async () => {
  const made = await makeWorkshop();
  const lawful = async (change: (record: MachineRecord) => Partial<MachineRecord>): Promise<string> => {
    const base = await sampleRecord(made);
    const changed = change(base.record);
    const inventory = changed.inventory ?? base.record.inventory;
    const sanitizations = changed.sanitizations ?? base.record.sanitizations;
    const again = await grade(inventory, sanitizations);
    const { envelope } = await sampleRecord(made, (record) => ({
      ...record,
      ...changed,
      sanitizations: sanitizations.map((each) => ofSession(each, record.sessionId)),
      grade: again,
    }));
    return await verifyDocument(envelopeBytes(envelope), made.trust).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
  };
  expect(await lawful(() => ({}))).toBe('accepted');
  expect(await lawful(({ sanitizations }) => ({ sanitizations: [...sanitizations, ...sanitizations] }))).toBe(
    'impossible',
  );
  const realOf = (drives: Part<Drive[]>) => (): Partial<MachineRecord> => {
    const { level, clause } = achieves('overwrite', 'nvme');
    const { mode, notice, inventory, sanitizations } = real(drives);
    const judged = sanitizations.map((each) => {
      if (each.schema !== 'rebond.evidence/1') throw new Error('not of version 1');
      const plan = { ...each.plan, levelExpected: level, clause };
      const observations = { ...each.observations, after: { identity, sizeBytes: target.sizeBytes } };
      return { ...each, plan, observations, ...judge({ plan, observations }) };
    });
    return { mode, notice, inventory, sanitizations: judged };
  };
  expect(await lawful(realOf({ outcome: 'read', sources: [], value: [drive()] }))).toBe('accepted');
  expect(await lawful(realOf({ outcome: 'absent', sources: [] }))).toBe('impossible');
});

describe('the boot medium that a record leaves out of its grade', () => {
  const usb = { transport: 'usb', model: 'Ultra', serial: 'U-1', wwid: null } as const;
  const stick = drive({ path: '/dev/sdb', identity: usb, medium: 'usb-flash', removable: true });
  const named = { path: '/dev/sdb', identity: usb };
  const refusal = (code: string) => ({
    ...{ path: '/dev/sdb', identity: usb, sizeBytes: 16e9, reasons: [{ code, fr: 'x', en: 'x' }] },
  });
  const booted = (change: Partial<MachineRecord>): MachineRecord => ({
    ...withDrives(drive(), stick),
    ...{ schema: 'rebond.record/4', bootMedium: named, refusals: [refusal('boot-medium')] },
    image: { version: '0.1.0', serial: 1_795_000_000, sha256: 'a'.repeat(64) },
    ...change,
  });

  it('is a drive of the list that this live image refused to touch as just that', () => {
    expect(said(booted({}))).toBe('plausible');
    expect(said(booted({ bootMedium: null, refusals: [] }))).toBe('plausible');
  });

  it.each<[string, Partial<MachineRecord>, string]>([
    ['no live image ran', { image: null }, 'no-live-image'],
    ['it is a rehearsal', { mode: 'rehearsal' }, 'no-live-image'],
    ['the machine had no such drive', { bootMedium: { ...named, path: '/dev/sdc' } }, 'no-such-drive'],
    ['it is a drive inside', { bootMedium: { path: target.path, identity } }, 'no-such-drive'],
    ['nothing was refused', { refusals: [] }, 'not-refused'],
    ['it was refused for something else', { refusals: [refusal('mounted')] }, 'not-refused'],
  ])('is impossible where %s', (_, change, what) => {
    expect(said(booted(change))).toContain(`bootMedium.${what}`);
  });
});
