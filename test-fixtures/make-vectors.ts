// Makes the test vectors in agent/protocol/vectors anew: `npm run -s vectors`. The keys are thrown away afterwards, so
// new vectors never replace old ones of a version that has been published: they are added beside them. This is of version 4 of
// records; those of earlier versions were made by earlier states of this file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Drive, type EvidenceV2, envelopeBytes, grade, type TrustFile } from '@rebond/protocol';
import { sampleRecord } from './sample-record.ts';
import { EXAMPLES, stepEvidence, stepPlan } from './step-plans.ts';
import { makeWorkshop } from './workshop.ts';

const folder = join(import.meta.dirname, '../agent/protocol/vectors');
const made = await makeWorkshop();

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
    image: { version: '0.1.0', serial: 1_795_000_000, sha256: 'ab'.repeat(32) },
    refusals: [{ ...bootMedium, sizeBytes: stick.sizeBytes, reasons: [reason] }],
    sanitizations: [wiped(each.sessionId)],
  }));
}

const write = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes);
const trust: TrustFile = { schema: 'rebond.trust/1', anchors: made.trust.anchors };
write('trust-4.json', `${JSON.stringify(trust, null, 2)}\n`);
write('record-4-live-image.json', envelopeBytes((await onLiveImage()).envelope));
