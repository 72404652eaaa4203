import { createHash } from 'node:crypto';
import {
  type Certificate,
  type Envelope,
  generateSessionKey,
  ProtocolError,
  REHEARSAL_NOTICE,
  type TrustFile,
  verifyDocument,
} from '@rebond/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { type Laptop, offlineLaptop, openLaptop } from '../../../test-fixtures/laptops.ts';
import { recordBytes, type RecordWishes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { glance } from '../bench/queries.ts';
import { certificatesOfRecord } from './queries.ts';

let house: House;
let lead: Visitor;
let trust: TrustFile;
beforeAll(async () => {
  house = await openHouse();
  lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
  trust = (await (await fetch(`${house.url}/api/trust`)).json()) as TrustFile;
});
afterAll(() => house.close());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function send(wishes: RecordWishes = {}, from?: Laptop): Promise<{ laptop: Laptop; digest: string }> {
  const laptop = from ?? (await openLaptop(house.url, await house.benchCode()));
  const bytes = await recordBytes(laptop, wishes);
  expect((await submit(house.url, bytes)).status).toBe(201);
  return { laptop, digest: sha256(bytes) };
}

async function inForce(digest: string): Promise<Certificate[]> {
  const lines = [...(await certificatesOfRecord(house.db, digest)).values()].toSorted(
    (a, b) => a.drive - b.drive,
  );
  return await Promise.all(lines.map(({ id }) => fetchVerified(id)));
}

/** Downloads the signed document and verifies it as an auditor would, from its bytes and a trust file alone. */
async function fetchVerified(id: string): Promise<Certificate> {
  const { bytes } = await lead.get(`/api/certificates/${id}.json`);
  const verdict = await verifyDocument(bytes, trust);
  if (verdict.kind !== 'certificate' || !verdict.trusted) throw new Error('not a trusted certificate');
  return verdict.certificate;
}

test('each sanitization of a confirmed record gets a certificate, also the failed and the unknown', async () => {
  const { digest, laptop } = await send({ mode: 'real' });
  const certificates = await inForce(digest);
  expect(certificates.map(({ outcome, method }) => [outcome, method.levelAchieved])).toEqual([
    ['done', 'clear'],
    ['failed', 'none'],
    ['unknown', 'none'],
  ]);
  for (const certificate of certificates) {
    expect(certificate).toMatchObject({
      supersedes: null,
      mode: 'real',
      notice: null,
      validation: { decision: 'pending' },
      performer: { id: 'responsable' },
      record: { sha256: digest, sessionId: laptop.sessionId },
      issuedAt: { timeSource: 'server' },
    });
  }
});

test('a rehearsal’s certificate says so, word for word', async () => {
  const [certificate] = await inForce((await send()).digest);
  expect(certificate).toMatchObject({
    mode: 'rehearsal',
    notice: REHEARSAL_NOTICE,
    method: { levelAchieved: 'none' },
  });
});

test('a certificate verifies under no other workshop’s key', async () => {
  const { digest } = await send();
  const [line] = (await certificatesOfRecord(house.db, digest)).values();
  const { bytes } = await lead.get(`/api/certificates/${line?.id}.json`);
  const other = {
    ...trust,
    anchors: trust.anchors.map((each) => ({ ...each, publicKey: house.keys.server.publicKey })),
  };
  await expect(verifyDocument(bytes, other)).rejects.toThrow(ProtocolError);
});

test('the lead’s decision is a new certificate in place of the old one; a rejection needs a reason', async () => {
  const { digest, laptop } = await send();
  const [first] = await inForce(digest);
  const page = `/machines/${laptop.machineId}`;
  const decide = (id: string | undefined, fields: Record<string, string>) =>
    lead.form(page, `/certificates/${id}/decision`, fields);
  expect((await decide(first?.certificateId, { decision: 'rejected', why: ' ' })).status).toBe(400);
  expect(
    (await decide(first?.certificateId, { decision: 'rejected', why: 'Disque mal étiqueté.' })).status,
  ).toBe(303);
  const [second] = await inForce(digest);
  expect(second).toMatchObject({
    supersedes: first?.certificateId,
    validation: { decision: 'rejected', why: 'Disque mal étiqueté.', person: { id: 'responsable' } },
    outcome: first?.outcome,
    verification: first?.verification,
  });
  expect((await decide(first?.certificateId, { decision: 'approved' })).status).toBe(409);
  expect((await decide(second?.certificateId, { decision: 'approved' })).status).toBe(303);
  const [third] = await inForce(digest);
  expect(third).toMatchObject({ supersedes: second?.certificateId, validation: { decision: 'approved' } });
  expect(await fetchVerified(first?.certificateId ?? '')).toEqual(first); // replaced, never rewritten
});

test('two decisions at once: one is taken', async () => {
  const { digest, laptop } = await send();
  const [first] = await inForce(digest);
  const answers = await Promise.all(
    [1, 2, 3].map(() =>
      lead.form(`/machines/${laptop.machineId}`, `/certificates/${first?.certificateId}/decision`, {
        decision: 'approved',
      }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409, 409]);
});

test('an unconfirmed record gets its certificates from the lead’s decision, once', async () => {
  const stick = await generateSessionKey();
  const response = await fetch(`${house.url}/api/sticks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      publicKey: stick.publicKey,
      code: await house.codes.make('stick', 'responsable'),
    }),
  });
  const { chain } = (await response.json()) as { chain: Envelope[] };
  const { digest, laptop } = await send(
    { mode: 'real' },
    await offlineLaptop(stick, chain, house.workshop.ref.id),
  );
  expect(await inForce(digest)).toEqual([]);
  const page = `/machines/${laptop.machineId}`;
  expect((await lead.get(page)).text).toContain('Fiche non confirmée');
  expect((await lead.form(page, `/records/${digest}/decision`, { decision: 'rejected' })).status).toBe(400);
  expect((await lead.form(page, `/records/${digest}/decision`, { decision: 'approved' })).status).toBe(303);
  expect((await lead.form(page, `/records/${digest}/decision`, { decision: 'approved' })).status).toBe(409);
  const certificates = await inForce(digest);
  expect(certificates.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'unknown']);
  expect(certificates[0]).toMatchObject({ performer: null, validation: { decision: 'approved' } });
});

test('a confirmed record cannot be decided as if it were not', async () => {
  const { digest, laptop } = await send();
  const answer = await lead.form(`/machines/${laptop.machineId}`, `/records/${digest}/decision`, {
    decision: 'approved',
  });
  expect(answer.status).toBe(409);
});

test('the PDF is a PDF, and only for signed-in people', async () => {
  const { digest } = await send();
  const [certificate] = await inForce(digest);
  const path = `/api/certificates/${certificate?.certificateId}.pdf`;
  const { status, bytes, headers } = await lead.get(path);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
  expect(new TextDecoder('latin1').decode(bytes.slice(0, 5))).toBe('%PDF-');
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="rebond-${certificate?.certificateId}.pdf"`,
  );
  expect((await new Visitor(house.url).get(path)).status).toBe(401);
});

test('lists filter and page', async () => {
  const { text } = await lead.get('/certificates?outcome=failed&decision=pending');
  expect(text).toContain('ÉCHEC');
  expect(text).not.toContain('Exercice réussi</span>');
  expect((await lead.get('/certificates?page=0')).status).toBe(400);
  expect((await lead.get('/certificates?outcome=great')).status).toBe(400);
  expect((await lead.get('/certificates?page=99')).text).toContain('Aucun certificat ici');
});

test('a success that the lead rejected counts as a failure at a glance, and reads as rejected everywhere', async () => {
  const before = await glance(house.db, new Date());
  const { digest, laptop } = await send({ mode: 'real', outcomes: ['done'] });
  const after = await glance(house.db, new Date());
  expect([after.done - before.done, after.failed - before.failed]).toEqual([1, 0]);
  const [first] = await inForce(digest);
  const page = `/machines/${laptop.machineId}`;
  const form = { decision: 'rejected', why: 'Mauvais disque.' };
  await lead.form(page, `/certificates/${first?.certificateId}/decision`, form);
  const rejected = await glance(house.db, new Date());
  expect([rejected.done - before.done, rejected.failed - before.failed]).toEqual([0, 1]);
  const own = (await lead.get('/machines')).text
    .split('<li>')
    .find((each) => each.includes(laptop.machineId));
  for (const text of [own, (await lead.get(page)).text.split('id="wipes"')[1]?.split('</h3>')[0]]) {
    expect(text).toContain('REJETÉ');
    expect(text).not.toContain('Effacé');
  }
});

test('an unconfirmed success is none until the lead says so', async () => {
  const stick = await generateSessionKey();
  const code = await house.codes.make('stick', 'responsable');
  const response = await fetch(`${house.url}/api/sticks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ publicKey: stick.publicKey, code }),
  });
  const { chain } = (await response.json()) as { chain: Envelope[] };
  const before = await glance(house.db, new Date());
  const laptop = await offlineLaptop(stick, chain, house.workshop.ref.id);
  const { digest } = await send({ mode: 'real', outcomes: ['done'] }, laptop);
  expect((await glance(house.db, new Date())).done).toBe(before.done);
  await lead.form(`/machines/${laptop.machineId}`, `/records/${digest}/decision`, { decision: 'approved' });
  expect((await glance(house.db, new Date())).done).toBe(before.done + 1);
});
