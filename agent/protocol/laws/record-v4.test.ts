import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { signedSteps } from '../../../test-fixtures/step-certificates.ts';
import { EXAMPLES, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import type { Drive, DriveIdentity } from '../words/drive.ts';
import type { Leftovers, TpmLeftover } from '../words/leftovers.ts';
import type { MachineRecord } from '../words/record.ts';
import type { EvidenceV2, Target } from '../words/sanitize.ts';
import { envelopeBytes } from './envelope.ts';
import { grade } from './grade.ts';
import { printedNumber } from './property-label.ts';
import { verifyDocument } from './verify.ts';

const wishes = EXAMPLES['overwrite, sampled'];
const BARE: DriveIdentity = { ...wishes.target.identity, serial: null };
const LABELLED: DriveIdentity = { ...BARE, propertyLabel: 'REB-0042' };
const NO_LEFTOVERS: Leftovers = {
  tpm: { outcome: 'absent', sources: ['test'] },
  bootEntries: { outcome: 'absent', sources: ['test'] },
  mok: { outcome: 'absent', sources: ['test'] },
};

function evidenceOf(sessionId: string, target: Partial<Target>): EvidenceV2 {
  const plan = stepPlan({
    ...wishes,
    target: { ...wishes.target, ...target },
    change: { sessionId, planId: crypto.randomUUID() },
  });
  const evidence = stepEvidence(plan, wishes.means);
  const { after } = evidence.observations;
  const { propertyLabel: _, ...read } = plan.target.identity;
  return {
    ...evidence,
    observations: { ...evidence.observations, after: after && { ...after, identity: read } },
  };
}

function listed({ path, identity: labelled, medium, sizeBytes }: Target): Drive {
  const { propertyLabel: _, ...identity } = labelled;
  return {
    ...{
      path,
      identity,
      medium,
      sizeBytes,
      firmware: null,
      logicalSectorBytes: 512,
      physicalSectorBytes: 512,
    },
    ...{ rotational: true, removable: false, diskseq: '3' },
    health: { outcome: 'absent', sources: ['test'] },
  };
}

/** A real record of version 4 with one drive sanitized for each of the targets. */
async function codeOf(
  targets: readonly Partial<Target>[],
  change: (record: MachineRecord) => MachineRecord = (record) => record,
): Promise<string> {
  const made = await makeWorkshop();
  const { record } = await sampleRecord(made);
  const signed = sampleRecord(made, (each) => {
    const sanitizations = targets.map((target) => evidenceOf(each.sessionId, target));
    const value = sanitizations.map(({ plan }) => listed(plan.target));
    return change({
      ...each,
      ...{
        schema: 'rebond.record/4',
        image: null,
        bootMedium: null,
        leftovers: NO_LEFTOVERS,
        checklist: null,
      },
      ...{ mode: 'real', notice: null, sanitizations },
      inventory: { ...record.inventory, drives: { outcome: 'read', sources: ['test'], value } },
    });
  });
  return await signed.then(
    async ({ record: each }) => {
      const graded = await grade(each.inventory, each.sanitizations, null);
      const { envelope } = await sampleRecord(made, (own) => ({
        ...each,
        ...{ sessionId: own.sessionId, chain: own.chain, grade: graded },
        sanitizations: each.sanitizations.map((evidence) => ({
          ...evidence,
          plan: { ...evidence.plan, sessionId: own.sessionId },
        })) as MachineRecord['sanitizations'],
      }));
      return await verifyDocument(envelopeBytes(envelope), null).then(
        () => 'accepted',
        (error: { code: string; detail: string }) => `${error.code} ${error.detail}`,
      );
    },
    (error: { code: string }) => error.code,
  );
}

describe('a property label', () => {
  it('stands for the serial number that a drive does not have', async () => {
    expect(await codeOf([{ identity: LABELLED }])).toBe('accepted');
    expect([printedNumber(LABELLED), printedNumber(BARE)]).toEqual(['REB-0042', null]);
    expect(printedNumber({ ...LABELLED, serial: 'S-1' })).toBe('S-1');
  });

  it.each<[string, readonly Partial<Target>[], string]>([
    ['beside a serial number', [{ identity: { ...LABELLED, serial: 'S-1' } }], 'label-beside-serial'],
    ['where nothing tells a replug', [{ identity: LABELLED, diskseq: null }], 'label-beside-serial'],
    ['on two drives', [{ identity: LABELLED }, { identity: LABELLED, path: '/dev/sdb' }], 'label-twice'],
    ['on none: neither number is known', [{ identity: BARE }], 'neither-serial-nor-label'],
    ['on none: the number is blank', [{ identity: { ...BARE, serial: ' ' } }], 'neither-serial-nor-label'],
  ])('is refused %s', async (_name, targets, detail) => {
    expect(await codeOf(targets)).toMatch(new RegExp(`^impossible sanitizations\\.\\d\\.${detail}$`));
  });

  it.each(['reb-0042', 'RÉB-42', '-REB', 'R', 'A'.repeat(25), 'REB 42'])(
    'has its bounded alphabet: %s is none',
    async (propertyLabel) => {
      expect(await codeOf([{ identity: { ...BARE, propertyLabel } }])).toBe('wrong-shape');
    },
  );

  it('is in no evidence of version 1: no certificate of that version names it', async () => {
    const made = await makeWorkshop();
    const identity = { transport: 'network', model: null, serial: null, wwid: null } as const;
    const { record } = await sampleRecord(made);
    const graded = await grade(record.inventory, record.sanitizations, null);
    const { envelope } = await sampleRecord(made, (each) => ({
      ...each,
      ...{
        schema: 'rebond.record/4',
        image: null,
        bootMedium: null,
        grade: graded,
        leftovers: NO_LEFTOVERS,
        checklist: null,
      },
      sanitizations: each.sanitizations.map((evidence) => {
        const target = {
          ...evidence.plan.target,
          identity: { ...identity, propertyLabel: 'REB-1' },
          diskseq: '3',
        };
        const after = { identity, sizeBytes: target.sizeBytes };
        return {
          ...evidence,
          plan: { ...evidence.plan, target },
          observations: { ...evidence.observations, after },
        } as EvidenceV2;
      }),
    }));
    await expect(verifyDocument(envelopeBytes(envelope), null)).rejects.toMatchObject({
      code: 'impossible',
      detail: 'sanitizations.0.label-in-version-1',
    });
  });

  it('no drive says it of itself', async () => {
    const told = (record: MachineRecord): MachineRecord => {
      const { drives } = record.inventory;
      const value = drives.outcome === 'read' ? drives.value : [];
      const lying = value.map((drive) => ({ ...drive, identity: LABELLED }));
      return { ...record, inventory: { ...record.inventory, drives: { ...drives, value: lying } } as never };
    };
    expect(await codeOf([{ identity: LABELLED }], told)).toBe('impossible inventory.drives.label-read');
  });

  it('makes a certificate of version 3, and no other version has one', async () => {
    const evidence = evidenceOf(crypto.randomUUID(), { identity: LABELLED });
    const certified = async (schema: 'rebond.certificate/2' | 'rebond.certificate/3', label = true) => {
      const own = label ? evidence : evidenceOf(crypto.randomUUID(), {});
      return await signedSteps(own, (each) => ({ ...each, schema })).then(
        async ({ envelopeBytes: bytes }) => (await verifyDocument(bytes, null)).kind,
        (error: { code: string }) => error.code,
      );
    };
    expect(await certified('rebond.certificate/3')).toBe('certificate');
    expect(await certified('rebond.certificate/2')).toBe('wrong-shape');
    expect(await certified('rebond.certificate/3', false)).toBe('wrong-shape');
  });

  it('is the same in the plan and on the certificate', async () => {
    const { envelopeBytes: bytes } = await signedSteps(
      evidenceOf(crypto.randomUUID(), { identity: LABELLED }),
      (each) => ({
        ...each,
        schema: 'rebond.certificate/3',
        media: { ...each.media, identity: { ...LABELLED, propertyLabel: 'REB-0043' } },
      }),
    );
    await expect(verifyDocument(bytes, null)).rejects.toMatchObject({ code: 'laws-disagree' });
  });
});

const tpm = (value: Partial<TpmLeftover>): Leftovers => ({
  ...NO_LEFTOVERS,
  tpm: {
    outcome: 'read',
    sources: ['test'],
    value: { family: '2.0', last: { state: 'none' }, clear: { state: 'declined' }, ...value },
  },
});
const answered = (operation: number, code: number, meaning: 'cleared' | 'refused' | 'other') =>
  tpm({ last: { state: 'answered', operation, code, text: '', meaning } });
const entry = (path: string, state: 'kept' | 'removed'): Leftovers => ({
  ...NO_LEFTOVERS,
  bootEntries: {
    outcome: 'read',
    sources: ['test'],
    value: [
      {
        ...{ name: 'Boot0001', description: 'ubuntu', place: { kind: 'sanitized-drive', path } },
        deed: { state },
      },
    ],
  },
});

describe('what a session says of its leftovers', () => {
  const { path } = wishes.target;
  it.each<[string, Leftovers, string]>([
    ['a clear asked for', tpm({ clear: { state: 'requested', operation: 22 } }), 'accepted'],
    [
      'something else asked for as a clear',
      tpm({ clear: { state: 'requested', operation: 1 } }),
      'tpm.clear',
    ],
    ['an earlier clear that was done', answered(5, 0, 'cleared'), 'accepted'],
    ['a refusal', answered(22, 0xffff_fff0, 'refused'), 'accepted'],
    ['a refusal called a success', answered(22, 0xffff_fff0, 'cleared'), 'tpm.last'],
    ['another operation called a clear', answered(1, 0, 'cleared'), 'tpm.last'],
    ['an entry of a drive that was wiped here', entry(path, 'removed'), 'accepted'],
    ['an entry of a drive that was not', entry('/dev/sdz', 'removed'), 'leftovers.place'],
  ])('%s', async (_name, leftovers, due) => {
    const code = await codeOf([{}], (record) => ({ ...record, leftovers }));
    expect(code).toMatch(due === 'accepted' ? /^accepted$/ : new RegExp(`^laws-disagree .*${due}`));
  });

  it('no entry is removed but those that lead to a drive wiped here', async () => {
    const leftovers = entry(path, 'removed');
    if (leftovers.bootEntries.outcome !== 'read') throw new Error('made so');
    for (const place of [
      { kind: 'firmware' },
      { kind: 'network' },
      { kind: 'removable' },
      { kind: 'unknown' },
      { kind: 'no-drive' },
      { kind: 'other-drive', path: '/dev/sdb' },
    ] as const) {
      const value = leftovers.bootEntries.value.map((each) => ({ ...each, place }));
      const bootEntries = { ...leftovers.bootEntries, value };
      const code = await codeOf([{}], (record) => ({ ...record, leftovers: { ...leftovers, bootEntries } }));
      expect(code).toBe('laws-disagree leftovers.removed');
    }
  });
});
