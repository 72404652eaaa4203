// Makes the test vectors in agent/protocol/vectors anew: `npm run -s vectors`. The keys are thrown away afterwards, so
// new vectors never replace old ones of a version that has been published: they are added beside them. These are of
// version 2 of certificates and 3 of records; those of version 1 were made by an earlier state of this file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EvidenceV2, envelopeBytes, grade, type TrustFile } from '@rebond/protocol';
import { sampleRecord } from './sample-record.ts';
import { signedSteps } from './step-certificates.ts';
import { EXAMPLES, type PlanWishes, seenPerfectly, stepEvidence, stepPlan } from './step-plans.ts';
import { makeWorkshop } from './workshop.ts';

const folder = join(import.meta.dirname, '../agent/protocol/vectors');
const made = await makeWorkshop();

function seenAt(wishes: PlanWishes, sessionId?: string): EvidenceV2 {
  const plan = stepPlan({ ...wishes, ...(sessionId ? { change: { mode: 'rehearsal', sessionId } } : {}) });
  return stepEvidence(plan, wishes.means);
}

/** A drive that lied: it reports success, and two places still hold what they held. */
function dataLeft(): EvidenceV2 {
  const wishes = EXAMPLES['NVMe sanitize, samples'];
  const plan = stepPlan(wishes);
  const seen = seenPerfectly(plan);
  const steps = seen.steps.map((step) =>
    step.kind === 'compare' ? { ...step, unchanged: 2, unchangedOffsets: [8192, 1_048_576] } : step,
  );
  return stepEvidence(plan, wishes.means, { ...seen, steps });
}

/** A network drive of the lab: the one real medium that a rehearsal may touch. */
async function rehearsal() {
  const { target, ...wishes } = EXAMPLES['NVMe sanitize, then overwrite and full read-back'];
  const network = { ...target, identity: { ...target.identity, transport: 'network' as const } };
  const { record } = await sampleRecord(made);
  const again = await grade(record.inventory, []);
  return await sampleRecord(made, (each) => ({
    ...each,
    schema: 'rebond.record/3',
    image: null,
    sanitizations: [seenAt({ ...wishes, target: network }, each.sessionId)],
    grade: again,
  }));
}

const certificates = {
  'certificate-2-read-back.json': await signedSteps(
    seenAt(EXAMPLES['hidden area, overwrite, full read-back']),
  ),
  'certificate-2-drive-reported.json': await signedSteps(seenAt(EXAMPLES['NVMe sanitize, samples'])),
  'certificate-2-failed.json': await signedSteps(dataLeft()),
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
write('trust-2.json', `${JSON.stringify(trust, null, 2)}\n`);
write('record-3-rehearsal.json', envelopeBytes((await rehearsal()).envelope));
for (const [name, { envelopeBytes: bytes }] of Object.entries(certificates)) write(name, bytes);
