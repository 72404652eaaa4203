// Makes the test vectors in agent/protocol/vectors anew: `npm run -s vectors`. The keys are thrown away afterwards, so
// new vectors never replace old ones of a version that has been published: they are added beside them. These are of
// version 3 of certificates, 4 of records and 1 of destructions; the others were made by earlier states of this file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHECKLIST_ITEMS,
  type DriveIdentity,
  type EvidenceV2,
  envelopeBytes,
  grade,
  type MachineRecord,
  type TrustFile,
} from '@rebond/protocol';
import { signedDestruction } from './destructions.ts';
import { sampleRecord } from './sample-record.ts';
import { signedSteps } from './step-certificates.ts';
import { EXAMPLES, stepEvidence, stepPlan } from './step-plans.ts';
import { makeWorkshop } from './workshop.ts';

const folder = join(import.meta.dirname, '../agent/protocol/vectors');
const made = await makeWorkshop();
const { target, means, ...wishes } = EXAMPLES['overwrite, sampled'];
const bare: DriveIdentity = { ...target.identity, serial: null };

/** A drive without a serial number, told by the workshop's label; read again it says nothing of it. */
function labelled(sessionId?: string): EvidenceV2 {
  const identity = { ...bare, propertyLabel: 'REB-0042' };
  const change = sessionId ? { sessionId } : {};
  const plan = stepPlan({ ...wishes, means, target: { ...target, identity }, change });
  const evidence = stepEvidence(plan, means);
  const after = { identity: bare, sizeBytes: target.sizeBytes };
  return { ...evidence, observations: { ...evidence.observations, after } };
}

async function recordOf4() {
  const { record } = await sampleRecord(made);
  const { path, medium, sizeBytes, logicalSectorBytes, diskseq } = target;
  const drive = {
    ...{ path, identity: bare, medium, sizeBytes, logicalSectorBytes, diskseq, firmware: null },
    ...{ physicalSectorBytes: null, rotational: null, removable: false },
    health: { outcome: 'absent' as const, sources: ['test'] },
  };
  const drives = { outcome: 'read' as const, sources: ['test'], value: [drive] };
  const inventory = { ...record.inventory, drives };
  const graded = await grade(inventory, [labelled()]);
  const sources = ['test'];
  const four: Partial<MachineRecord> = {
    ...{ schema: 'rebond.record/4', image: null, mode: 'real', notice: null, inventory, grade: graded },
    leftovers: {
      tpm: {
        ...{ outcome: 'read', sources },
        value: {
          family: '2.0',
          last: {
            state: 'answered',
            operation: 5,
            code: 0xffff_fff0,
            text: 'User Abort',
            meaning: 'refused',
          },
          clear: { state: 'requested', operation: 5 },
        },
      },
      bootEntries: {
        ...{ outcome: 'read', sources },
        value: [
          {
            ...{ name: 'Boot0001', description: 'ubuntu' },
            ...{ place: { kind: 'sanitized-drive', path }, deed: { state: 'removed' } },
          },
        ],
      },
      mok: { outcome: 'absent', sources },
    },
    checklist: {
      answers: CHECKLIST_ITEMS.map((item) => ({ item, answer: 'nothing', seen: [] })),
      at: record.closedAt,
    },
  };
  return await sampleRecord(made, (each) => ({
    ...each,
    ...four,
    sanitizations: [labelled(each.sessionId)],
  }));
}

const certificates = {
  'certificate-3-labelled.json': await signedSteps(labelled(), (each) => ({
    ...each,
    schema: 'rebond.certificate/3',
  })),
  'destruction-1.json': await signedDestruction(),
};
const anchors: TrustFile['anchors'] = [
  ...made.trust.anchors,
  ...Object.values(certificates).map(({ certificate: { issuer } }) => ({
    workshop: issuer.workshop,
    publicKey: issuer.publicKey,
  })),
];

const write = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes);
const trust: TrustFile = { schema: 'rebond.trust/1', anchors };
write('trust-3.json', `${JSON.stringify(trust, null, 2)}\n`);
write('record-4-real.json', envelopeBytes((await recordOf4()).envelope));
for (const [name, { envelopeBytes: bytes }] of Object.entries(certificates)) write(name, bytes);
