import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Certificate,
  envelopeBytes,
  generateSessionKey,
  MachineRecord,
  openBytes,
  seal,
  CERTIFICATE_TYPE,
  type TrustFile,
} from '@rebond/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  doneReal,
  failedReal,
  rejectedReal,
  type SignedCertificate,
} from '../../../test-fixtures/certificates.ts';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { signedSteps } from '../../../test-fixtures/step-certificates.ts';
import { EXAMPLES, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { files } from '../effects/files.ts';
import type { Terminal } from './terminal.ts';
import { verifyCommand } from './verify.ts';

type Told = { status: number; results: string[]; said: string[] };

/** Runs the command on real files, as `rebond verify` does. */
async function verify(bytes: Uint8Array, trust: TrustFile | string | null, json = false): Promise<Told> {
  using folder = scratch('verify');
  const file = join(folder.path, 'document.json');
  writeFileSync(file, bytes);
  const told: Told = { status: -1, results: [], said: [] };
  const trustPath = join(folder.path, 'trust.json');
  if (trust !== null) writeFileSync(trustPath, typeof trust === 'string' ? trust : JSON.stringify(trust));
  const terminal: Terminal = {
    ...{
      lang: 'fr',
      width: 100,
      interactive: false,
      redraw: () => {},
      raw: () => {},
      ask: () => Promise.resolve(null),
    },
    say: (line) => told.said.push(line),
    result: (line) => told.results.push(line),
  };
  told.status = await verifyCommand(
    file,
    { json, ...(trust === null ? {} : { trust: trustPath }) },
    { files, terminal },
  );
  return told;
}

const trustOf = ({ issuer }: Certificate): TrustFile => ({
  schema: 'rebond.trust/1',
  anchors: [{ workshop: issuer.workshop, publicKey: issuer.publicKey }],
});

const documents: Record<string, { bytes: Uint8Array; trust: TrustFile }> = {};
let signed: SignedCertificate;

beforeAll(async () => {
  signed = await doneReal();
  documents['certificate'] = { bytes: signed.envelopeBytes, trust: trustOf(signed.certificate) };
  const made = await makeWorkshop();
  documents['record'] = { bytes: envelopeBytes((await sampleRecord(made)).envelope), trust: made.trust };
});

describe.each(['certificate', 'record'])('rebond verify of a %s', (kind) => {
  const document = () => documents[kind] as { bytes: Uint8Array; trust: TrustFile };

  it('says valid and exits 0 with the right anchor', async () => {
    const { status, results } = await verify(document().bytes, document().trust);
    expect(status).toBe(0);
    expect(results.join()).toMatch(/Valide.*Valid/s);
  });

  it('says intact, issuer unknown and exits 3 without an anchor', async () => {
    const { status, results } = await verify(document().bytes, null);
    expect(status).toBe(3);
    expect(results.join()).toMatch(/émetteur inconnu.*issuer unknown/s);
  });

  it('exits 1 when the trust file names other keys only', async () => {
    const { status, results } = await verify(document().bytes, (await makeWorkshop()).trust, true);
    expect(status).toBe(1);
    expect(JSON.parse(results[0] ?? '')).toMatchObject({ status: 'invalid', code: 'unknown-key' });
  });

  it('notices any byte changed to any other, with and without an anchor, and says what is wrong', async () => {
    const { bytes, trust } = document();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, change, anchored) => {
          const altered = new Uint8Array(bytes);
          altered[at] = (altered[at] ?? 0) ^ change;
          const { status, results } = await verify(altered, anchored ? trust : null, true);
          expect(status).toBe(1);
          const told = JSON.parse(results[0] ?? '');
          expect(told.status).toBe('invalid');
          expect(told.fr.length * told.en.length * told.code.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('notices bytes added, removed and cut off', async () => {
    const { bytes, trust } = document();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        async (at, byte) => {
          const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
          const variants = [
            Buffer.concat([head, Uint8Array.of(byte), tail]),
            Buffer.concat([head, tail.subarray(1)]),
            head,
          ];
          for (const altered of variants) expect((await verify(altered, trust)).status).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
    expect((await verify(Buffer.concat([bytes, Uint8Array.of(10)]), trust)).status).toBe(1);
  });
});

describe('rebond verify', () => {
  it('refuses a certificate that claims more than its observations show, though its signature is good', async () => {
    const failed = await failedReal();
    const key = await generateSessionKey();
    const { certificate } = failed;
    const lie: Certificate = {
      ...certificate,
      outcome: 'done',
      reasons: [],
      method: { ...certificate.method, levelAchieved: 'clear' },
      issuer: { ...certificate.issuer, publicKey: key.publicKey },
    };
    const bytes = envelopeBytes(await seal(CERTIFICATE_TYPE, lie, key));
    const { status, results } = await verify(bytes, trustOf(lie), true);
    expect(status).toBe(1);
    expect(JSON.parse(results[0] ?? '')).toMatchObject({ code: 'laws-disagree' });
  });

  it('refuses a rehearsal whose notice was left out', async () => {
    const made = await makeWorkshop();
    const { envelope } = await sampleRecord(made, (record) => ({ ...record, notice: null }));
    expect(MachineRecord.safeParse(openBytes(envelopeBytes(envelope)).payload).success).toBe(true);
    expect((await verify(envelopeBytes(envelope), made.trust)).status).toBe(1);
  });

  it('begins with a rejection, though the document is valid and the exit status 0', async () => {
    const { envelopeBytes, certificate } = await rejectedReal();
    const { status, results } = await verify(envelopeBytes, trustOf(certificate));
    expect(status).toBe(0);
    expect(results[0]).toMatch(/^✗ Rejeté par le responsable\n  Rejected by the lead\n/);
    const json = await verify(envelopeBytes, trustOf(certificate), true);
    expect(json.status).toBe(0);
    expect(JSON.parse(json.results[0] ?? '')).toMatchObject({ status: 'valid', decision: 'rejected' });
    const without = await verify(envelopeBytes, null);
    expect(without.status).toBe(3);
    expect(without.results[0]).toMatch(/^✗ Rejeté par le responsable\n/);
  });

  it('exits 2 for a file that is not there, or a trust file that makes no sense', async () => {
    expect((await verify(signed.envelopeBytes, '{"schema":"rebond.trust/1","anchors":[]}')).status).toBe(2);
    expect((await verify(signed.envelopeBytes, 'nonsense')).status).toBe(2);
    const terminal = { say: () => {}, result: () => {} } as unknown as Terminal;
    expect(existsSync('/nonexistent')).toBe(false);
    expect(await verifyCommand('/nonexistent', {}, { files, terminal })).toBe(2);
  });

  it.each(['', 'null', '[]', '{}', '"x"', '{"payload":1}', '\u0000\u0001'])('bears %j', async (text) => {
    expect((await verify(new TextEncoder().encode(text), null)).status).toBe(1);
  });
});

describe('a certificate of steps', () => {
  it('says how it was verified, and does not say "verified" where only the drive vouches for it', async () => {
    const of = async (name: 'NVMe sanitize, samples' | 'hidden area, overwrite, full read-back') => {
      const wishes = EXAMPLES[name];
      const signed = await signedSteps(stepEvidence(stepPlan(wishes), wishes.means));
      return await verify(signed.envelopeBytes, trustOf(signed.certificate));
    };
    const reported = (await of('NVMe sanitize, samples')).results.join('\n');
    expect(reported).toContain('« déclaré par le disque »');
    expect(reported).toContain('effacé, déclaré par le disque');
    expect(reported).not.toContain('vérifié');
    const whole = (await of('hidden area, overwrite, full read-back')).results.join('\n');
    expect(whole).toContain('effacé et vérifié');
    expect(whole).toContain('relu en entier');
  });
});
