// Makes the test vectors in agent/protocol/vectors anew: `npm run -s vectors`. The keys are thrown away afterwards, so
// new vectors never replace old ones of a version that has been published: they are added beside them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelopeBytes, type TrustFile } from '@rebond/protocol';
import { doneRehearsal, failedReal } from './certificates.ts';
import { sampleRecord } from './sample-record.ts';
import { makeWorkshop } from './workshop.ts';

const folder = join(import.meta.dirname, '../agent/protocol/vectors');
const made = await makeWorkshop();
const [rehearsal, failed] = await Promise.all([doneRehearsal(), failedReal()]);
const anchors: TrustFile['anchors'] = [
  ...made.trust.anchors,
  ...[rehearsal, failed].map(({ certificate: { issuer } }) => ({
    workshop: issuer.workshop,
    publicKey: issuer.publicKey,
  })),
];

const write = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes);
write(
  'trust.json',
  `${JSON.stringify({ schema: 'rebond.trust/1', anchors } satisfies TrustFile, null, 2)}\n`,
);
write('record-rehearsal.json', envelopeBytes((await sampleRecord(made)).envelope));
write('certificate-rehearsal.json', rehearsal.envelopeBytes);
write('certificate-failed.json', failed.envelopeBytes);
