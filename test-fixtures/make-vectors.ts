// Makes the test vectors in agent/protocol/vectors anew: `npm run -s vectors`. The keys are thrown away afterwards, so
// new vectors never replace old ones of a version that has been published: they are added beside them. These are of
// version 3 of certificates, 4 of records and 1 of destructions; the others were made by earlier states of this file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHECKLIST_ITEMS,
  type Drive,
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

async function recordOfLabelled() {
  const { record } = await sampleRecord(made);
  const { path, medium, sizeBytes, logicalSectorBytes, diskseq } = target;
  const drive = {
    ...{ path, identity: bare, medium, sizeBytes, logicalSectorBytes, diskseq, firmware: null },
    ...{ physicalSectorBytes: null, rotational: null, removable: false },
    health: { outcome: 'absent' as const, sources: ['test'] },
  };
  const drives = { outcome: 'read' as const, sources: ['test'], value: [drive] };
  const inventory = { ...record.inventory, drives };
  const graded = await grade(inventory, [labelled()], null);
  const sources = ['test'];
  const four: Partial<MachineRecord> = {
    ...{
      schema: 'rebond.record/4',
      image: null,
      bootMedium: null,
      mode: 'real',
      notice: null,
      inventory,
      grade: graded,
    },
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

const stick: Drive = {
  ...{ path: '/dev/sdb', medium: 'usb-flash', firmware: null, sizeBytes: 16e9, logicalSectorBytes: 512 },
  ...{ physicalSectorBytes: 512, rotational: false, removable: true, diskseq: '2' },
  identity: { transport: 'usb', model: 'TEST STICK', serial: 'ST-TEST-0001', wwid: null },
  health: { outcome: 'absent', sources: ['smartctl'] },
};

/** A drive wiped and read back by a live image, whose own stick is in the list of drives and no part of the laptop. */
async function onLiveImage() {
  const wishes = EXAMPLES['NVMe sanitize, then overwrite and full read-back'];
  const wiped = (sessionId: string): EvidenceV2 =>
    stepEvidence(stepPlan({ ...wishes, change: { sessionId } }), wishes.means);
  const { record } = await sampleRecord(made);
  const evidence = wiped(record.sessionId);
  const { path, identity, sizeBytes, medium } = evidence.plan.target;
  const inner: Drive = { ...stick, path, identity, sizeBytes, medium, removable: false, diskseq: '1' };
  const drives = { outcome: 'read' as const, sources: ['smartctl'], value: [inner, stick] };
  const inventory = { ...record.inventory, drives };
  const bootMedium = { path: stick.path, identity: stick.identity };
  const again = await grade(inventory, [evidence], bootMedium);
  const reason = {
    code: 'boot-medium',
    fr: 'C’est le support sur lequel ce système a démarré.',
    en: 'This is the medium that this system was started from.',
  };
  return await sampleRecord(made, (each) => ({
    ...each,
    ...{ schema: 'rebond.record/4', mode: 'real', notice: null, inventory, bootMedium, grade: again },
    ...{ leftovers: null, checklist: null },
    image: { version: '0.1.0', serial: 1_795_000_000, sha256: 'ab'.repeat(32) },
    refusals: [{ ...bootMedium, sizeBytes: stick.sizeBytes, reasons: [reason] }],
    sanitizations: [wiped(each.sessionId)],
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
write('record-4-real.json', envelopeBytes((await recordOfLabelled()).envelope));
for (const [name, { envelopeBytes: bytes }] of Object.entries(certificates)) write(name, bytes);
write('record-4-live-image.json', envelopeBytes((await onLiveImage()).envelope));
