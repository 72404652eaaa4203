import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrustFile, verifyDocument } from '../index.ts';

const read = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, name));
const trustIn = (name: string): TrustFile =>
  TrustFile.parse(JSON.parse(new TextDecoder().decode(read(name))));
const [first, second, third] = ['trust.json', 'trust-2.json', 'trust-3.json'].map(trustIn) as [
  TrustFile,
  TrustFile,
  TrustFile,
];

describe('the test vectors', () => {
  it.each([
    ['record-rehearsal.json', first, { kind: 'record', record: { mode: 'rehearsal' } }],
    [
      'certificate-rehearsal.json',
      first,
      { kind: 'certificate', certificate: { mode: 'rehearsal', outcome: 'done' } },
    ],
    [
      'certificate-failed.json',
      first,
      { kind: 'certificate', certificate: { mode: 'real', outcome: 'failed' } },
    ],
    ['record-3-rehearsal.json', second, { kind: 'record', record: { schema: 'rebond.record/3' } }],
    [
      'record-4-live-image.json',
      third,
      {
        kind: 'record',
        record: {
          ...{ schema: 'rebond.record/4', mode: 'real', bootMedium: { path: '/dev/sdb' } },
          grade: { rubric: { id: 'rebond-house', version: 2 } },
        },
      },
    ],
    [
      'certificate-2-read-back.json',
      second,
      { kind: 'certificate', certificate: { outcome: 'done', verification: { kind: 'full-read-back' } } },
    ],
    [
      'certificate-2-drive-reported.json',
      second,
      { kind: 'certificate', certificate: { outcome: 'done', verification: { kind: 'drive-reported' } } },
    ],
    [
      'certificate-2-failed.json',
      second,
      { kind: 'certificate', certificate: { outcome: 'failed', reasons: [{ code: 'data-left' }] } },
    ],
    ['record-4-real.json', third, { kind: 'record', record: { schema: 'rebond.record/4', mode: 'real' } }],
    [
      'certificate-3-labelled.json',
      third,
      { certificate: { outcome: 'done', media: { identity: { serial: null, propertyLabel: 'REB-0042' } } } },
    ],
    [
      'destruction-1.json',
      third,
      { kind: 'destruction', certificate: { destruction: { level: 'destroy' } } },
    ],
  ])(
    '%s is valid with the trust file, of unknown issuer without, and invalid when altered',
    async (name, trust, facts) => {
      expect(await verifyDocument(read(name), trust)).toMatchObject({ ...facts, trusted: true });
      expect(await verifyDocument(read(name), null)).toMatchObject({ trusted: false });
      const altered = new Uint8Array(read(name));
      altered[100] = (altered[100] ?? 0) ^ 1;
      await expect(verifyDocument(altered, trust)).rejects.toMatchObject({ name: 'ProtocolError' });
    },
  );
});
