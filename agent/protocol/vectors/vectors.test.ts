import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrustFile, verifyDocument } from '../index.ts';

const read = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, name));
const trust = TrustFile.parse(JSON.parse(new TextDecoder().decode(read('trust.json'))));

describe('the test vectors', () => {
  it.each([
    ['record-rehearsal.json', { kind: 'record', record: { mode: 'rehearsal' } }],
    [
      'certificate-rehearsal.json',
      { kind: 'certificate', certificate: { mode: 'rehearsal', outcome: 'done' } },
    ],
    ['certificate-failed.json', { kind: 'certificate', certificate: { mode: 'real', outcome: 'failed' } }],
  ])(
    '%s is valid with the trust file, of unknown issuer without, and invalid when altered',
    async (name, facts) => {
      expect(await verifyDocument(read(name), trust)).toMatchObject({ ...facts, trusted: true });
      expect(await verifyDocument(read(name), null)).toMatchObject({ trusted: false });
      const altered = new Uint8Array(read(name));
      altered[100] = (altered[100] ?? 0) ^ 1;
      await expect(verifyDocument(altered, trust)).rejects.toMatchObject({ name: 'ProtocolError' });
    },
  );
});
