import { createHash } from 'node:crypto';
import {
  DESTRUCTION_NOTICE,
  type Envelope,
  generateSessionKey,
  type Inventory,
  type MachineRecord,
  type Reason,
  type TrustFile,
  verifyDocument,
} from '@rebond/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { type Laptop, newMachineId, offlineLaptop, openLaptop } from '../../../test-fixtures/laptops.ts';
import { HOSTILE, recordBytes, type RecordWishes } from '../../../test-fixtures/records.ts';
import { attachments, pageTexts, structureCheck } from '../../../test-fixtures/pdf-tools.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { glance } from '../bench/queries.ts';
import { certificatesOfRecord } from '../certificates/queries.ts';
import { drivesOfMachine, listDrives, quarantineCounts } from './queries.ts';
import { catchUp } from './store.ts';

let house: House;
let lead: Visitor;
let technician: Visitor;
let trust: TrustFile;
beforeAll(async () => {
  house = await openHouse();
  lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
  trust = (await (await fetch(`${house.url}/api/trust`)).json()) as TrustFile;
  await lead.form('/people', '/people', { name: 'Technicien 1', role: 'technician' });
  const { id } = await house.db
    .selectFrom('people')
    .select('id')
    .where('role', '=', 'technician')
    .executeTakeFirstOrThrow();
  technician = await new Visitor(house.url).signIn(await house.codes.make('sign-in', id));
});
afterAll(() => house.close());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let made = 0;
/** A number that no other drive of these tests bears. */
const newSerial = (): string => `LEFT-${(made += 1)}-XYZ`;

type Sent = { laptop: Laptop; digest: string };

/** A real record whose one drive bears that serial number. */
async function send(serial: string, wishes: RecordWishes = {}, from?: Laptop): Promise<Sent> {
  const laptop = from ?? (await openLaptop(house.url, await house.benchCode()));
  const change = async (record: MachineRecord): Promise<void> => {
    await wishes.change?.(record);
    Object.assign(record, JSON.parse(JSON.stringify(record).replaceAll('SERIE-0', serial)));
  };
  const bytes = await recordBytes(laptop, { mode: 'real', outcomes: ['failed'], ...wishes, change });
  const { status } = await submit(house.url, bytes);
  expect(status).toBe(201);
  return { laptop, digest: sha256(bytes) };
}

/** Another session on the same laptop. */
const again = async ({ laptop }: Sent): Promise<Laptop> =>
  await openLaptop(house.url, await house.benchCode(), laptop.machineId);

const statesOf = async ({ laptop }: Sent) =>
  (await drivesOfMachine(house.db, laptop.machineId)).map(({ state, cause }) => [state, cause]);

async function keyOf({ laptop }: Sent): Promise<string> {
  const [drive] = await drivesOfMachine(house.db, laptop.machineId);
  if (!drive) throw new Error('nothing in quarantine');
  return drive.driveKey;
}

const STATEMENT = {
  method: 'shred',
  fragments: 'E-4',
  on: new Date().toISOString().slice(0, 10),
  place: 'Broyeur de l’atelier',
  witness: 'Témoin 1',
  slip: 'BSD-2026-031',
  label: 'Q-0007',
};

async function destroy(key: string, more: Partial<typeof STATEMENT> = {}, who = lead) {
  return await who.form(`/quarantine/${key}`, `/quarantine/${key}/destroyed`, { ...STATEMENT, ...more });
}

test('a drive that failed lies in quarantine until another session wipes it with success', async () => {
  const serial = newSerial();
  const first = await send(serial);
  expect(await statesOf(first)).toEqual([['quarantined', 'failed']]);
  await send(serial, { outcomes: ['done'] }, await again(first));
  expect(await statesOf(first)).toEqual([]);
  const bad = [...(await certificatesOfRecord(house.db, first.digest)).values()];
  expect(bad.map(({ outcome }) => outcome)).toEqual(['failed']);
});

test('the same drive in another laptop is the same drive', async () => {
  const serial = newSerial();
  const first = await send(serial, { outcomes: ['unknown'] });
  const elsewhere = await send(serial, { outcomes: ['done'] });
  expect([await statesOf(first), await statesOf(elsewhere)]).toEqual([[], []]);
});

test('what the lead rejects lies in quarantine, and is released when it is validated after all', async () => {
  const sent = await send(newSerial(), { outcomes: ['done'] });
  const decide = async (decision: string) => {
    const [line] = [...(await certificatesOfRecord(house.db, sent.digest)).values()];
    const page = `/certificates/${line?.id}`;
    await lead.form(`/machines/${sent.laptop.machineId}`, `${page}/decision`, { decision, why: 'Doute.' });
  };
  await decide('rejected');
  expect(await statesOf(sent)).toEqual([['quarantined', 'rejected']]);
  await decide('approved');
  expect(await statesOf(sent)).toEqual([]);
});

const refusal = (code: string, serial: string | null) => (record: MachineRecord) => {
  const reason: Reason = { code, fr: 'Une raison.', en: 'A reason.' };
  record.refusals = [{ path: '/dev/sdq', identity: bare(serial), sizeBytes: 512, reasons: [reason] }];
};

test.each([
  ['unidentified', null, [['quarantined', 'undrivable']]],
  ['size-unknown', 'own', [['quarantined', 'undrivable']]],
  ['no-level', 'own', [['quarantined', 'undrivable']]],
  ['drive-gone', 'own', [['quarantined', 'vanished']]],
  ['serial-changed', 'own', [['quarantined', 'vanished']]],
  ['not-confirmed', 'own', []],
  ['boot-medium', null, []],
  ['rebond-stick', null, []],
  ['mounted', 'own', []],
] as const)('a drive refused as %s', async (code, serial, due) => {
  const own = serial && newSerial();
  const sent = await send(newSerial(), { outcomes: [], change: refusal(code, own) });
  expect(await statesOf(sent)).toEqual(due);
});

/** This drive is the only one that the machine lists. */
const lists =
  (serial: string) =>
  ({ drives }: Inventory) => {
    if (drives.outcome !== 'read') return;
    const [first] = drives.value.splice(0);
    if (first) drives.value.push({ ...first, path: '/dev/sdq', identity: bare(serial) });
  };
const bare = (serial: string | null) => ({ transport: 'sata' as const, model: 'Disque', serial, wwid: null });

test('a built-in drive that was left alone and is gone at the next session has vanished', async () => {
  const own = newSerial();
  const there = { outcomes: [], change: refusal('not-confirmed', own), inventory: lists(own) };
  const first = await send(newSerial(), there);
  expect(await statesOf(first)).toEqual([]);
  await send(newSerial(), there, await again(first));
  expect(await statesOf(first)).toEqual([]);
  await send(newSerial(), { outcomes: ['done'] }, await again(first));
  expect(await statesOf(first)).toEqual([['quarantined', 'vanished']]);
  const back = await send(newSerial(), there, await again(first));
  expect(await statesOf(back)).toEqual([['quarantined', 'vanished']]);
});

test('a destruction is a signed certificate that says first who says it', async () => {
  const sent = await send(newSerial());
  const key = await keyOf(sent);
  const { status, headers } = await destroy(key);
  expect(status).toBe(303);
  const place = headers.get('location') ?? '';
  const page = (await lead.get(place)).text;
  expect(page).toContain('DÉTRUIT — DÉCLARÉ PAR DES PERSONNES');
  expect(page).toContain(DESTRUCTION_NOTICE.fr);
  const english = (await lead.get(`${place}?lang=en`)).text;
  lead.cookies.delete('lang');
  expect(english).toContain(DESTRUCTION_NOTICE.en);
  const { bytes } = await lead.get(`/api${place}.json`);
  const verdict = await verifyDocument(bytes, trust);
  expect(verdict).toMatchObject({
    kind: 'destruction',
    trusted: true,
    certificate: {
      notice: DESTRUCTION_NOTICE,
      media: { medium: 'nvme', label: 'Q-0007' },
      quarantine: { cause: 'failed', record: { sha256: sent.digest } },
      destruction: { method: 'shred', fragments: 'E-4', level: 'destroy', statedBy: { id: 'responsable' } },
    },
  });
  expect(await statesOf(sent)).toEqual([['destroyed', 'failed']]);
  const pdf = (await lead.get(`/api${place}.pdf`)).bytes;
  expect(await structureCheck(pdf)).toContain('No syntax or stream encoding errors found');
  const [file] = await attachments(pdf);
  expect(file?.bytes.equals(Buffer.from(bytes))).toBe(true);
  for (const text of await pageTexts(pdf)) {
    const flat = text.replace(/\s+/g, ' ');
    expect(flat).toContain('DÉCLARÉ PAR DES PERSONNES — l’outil n’a pas vu cette destruction.');
    expect(flat).toContain('STATED BY PERSONS — the tool did not see this destruction.');
    expect(flat).not.toMatch(/VÉRIFIÉ|VERIFIED|EFFACÉ/);
  }
});

test('a drive is destroyed once, whatever is sent, and even twice at once', async () => {
  const key = await keyOf(await send(newSerial()));
  const both = await Promise.all(
    [destroy(key), destroy(key)].map((each) => each.catch(() => ({ status: 0 }))),
  );
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
  const token = /name="_csrf" value="([^"]+)"/.exec((await lead.get('/people')).text)?.[1] ?? '';
  const plain = token.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  const third = await lead.post(`/quarantine/${key}/destroyed`, { _csrf: plain, ...STATEMENT });
  expect(third.status).toBe(409);
  const count = await house.db.selectFrom('destructions').select('id').where('driveKey', '=', key).execute();
  expect(count.length).toBe(1);
});

test('what a method does not destroy stays in quarantine', async () => {
  const sent = await send(newSerial());
  const key = await keyOf(sent);
  for (const more of [{ method: 'degauss', fragments: '' }, { fragments: 'E-2' }, { fragments: 'H-5' }]) {
    const { status, text } = await destroy(key, more);
    expect([more, status]).toEqual([more, 422]);
    expect(text).toContain('Le disque reste en quarantaine');
  }
  expect(await statesOf(sent)).toEqual([['quarantined', 'failed']]);
});

test.each([
  ['a day to come', { on: '2099-01-01' }, 422],
  ['no witness', { witness: '   ' }, 400],
  ['no slip', { slip: '' }, 400],
  ['another method', { method: 'lose' }, 400],
  ['a label of other letters', { label: 'ÉTÉ' }, 400],
] as const)('a statement with %s is refused', async (_name, more, due) => {
  const sent = await send(newSerial());
  expect((await destroy(await keyOf(sent), more)).status).toBe(due);
  expect(await statesOf(sent)).toEqual([['quarantined', 'failed']]);
});

test('only a lead states it, with a form of these pages', async () => {
  const sent = await send(newSerial());
  const key = await keyOf(sent);
  const path = `/quarantine/${key}/destroyed`;
  const token = /name="_csrf" value="([^"]+)"/.exec((await technician.get('/account')).text)?.[1] ?? '';
  const plain = token.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  expect((await technician.post(path, { _csrf: plain, ...STATEMENT })).status).toBe(403);
  expect((await technician.get(`/quarantine/${key}`)).text).toContain('Seul le responsable');
  expect((await lead.post(path, { _csrf: 'none', ...STATEMENT })).status).toBe(403);
  expect((await new Visitor(house.url).get('/quarantine')).status).not.toBe(200);
  expect(await statesOf(sent)).toEqual([['quarantined', 'failed']]);
});

test('a drive that is done, or that nobody saw, cannot be destroyed', async () => {
  const serial = newSerial();
  const sent = await send(serial);
  const key = await keyOf(sent);
  const page = await lead.get(`/quarantine/${key}`);
  await send(serial, { outcomes: ['done'] }, await again(sent));
  const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const plain = token.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  expect((await lead.post(`/quarantine/${key}/destroyed`, { _csrf: plain, ...STATEMENT })).status).toBe(409);
  const nowhere = 'ab'.repeat(32);
  expect((await lead.post(`/quarantine/${nowhere}/destroyed`, { _csrf: plain, ...STATEMENT })).status).toBe(
    404,
  );
});

test('a drive that shows up after its destruction is flagged, on its page, in the list and on the bench', async () => {
  const serial = newSerial();
  const sent = await send(serial);
  const key = await keyOf(sent);
  await destroy(key);
  const before = await quarantineCounts(house.db);
  const later = await send(serial, { outcomes: ['done'] });
  expect(await statesOf(sent)).toEqual([['destroyed', 'failed']]);
  expect((await quarantineCounts(house.db)).seenAgain).toBe(before.seenAgain + 1);
  expect((await glance(house.db, new Date())).seenAgain).toBe(before.seenAgain + 1);
  for (const path of [`/quarantine/${key}`, '/quarantine', `/machines/${later.laptop.machineId}`]) {
    expect((await lead.get(path)).text).toMatch(/Suspect :|Revu depuis/);
  }
  expect((await lead.get('/')).text).toContain('vu après sa destruction');
});

test('a rehearsal in which a destroyed drive is merely listed flags it too', async () => {
  const serial = newSerial();
  const sent = await send(serial);
  await destroy(await keyOf(sent));
  const { seenAgain } = await quarantineCounts(house.db);
  await send(newSerial(), { mode: 'rehearsal', outcomes: ['done'], inventory: lists(serial) });
  expect((await quarantineCounts(house.db)).seenAgain).toBe(seenAgain + 1);
});

test('what only a stick vouches for puts a drive into quarantine at once, and releases it when the lead says so', async () => {
  const serial = newSerial();
  const first = await send(serial);
  const stick = await pairedStick();
  const sent = await send(serial, { outcomes: ['done'] }, await stick());
  expect(await statesOf(first)).toEqual([['quarantined', 'failed']]);
  await lead.form(`/machines/${sent.laptop.machineId}`, `/records/${sent.digest}/decision`, {
    decision: 'approved',
  });
  expect(await statesOf(first)).toEqual([]);
  const failed = await send(newSerial(), { outcomes: ['unknown'] }, await stick());
  expect(await statesOf(failed)).toEqual([['quarantined', 'unknown']]);
  await lead.form(`/machines/${failed.laptop.machineId}`, `/records/${failed.digest}/decision`, {
    ...{ decision: 'rejected', why: 'Machine jamais venue.' },
  });
  expect(await statesOf(failed)).toEqual([]);
});

/** A stick that the lead paired; @returns laptops without network that it vouches for. */
async function pairedStick(): Promise<() => Promise<Laptop>> {
  const key = await generateSessionKey();
  const code = await house.codes.make('stick', 'responsable');
  const response = await fetch(`${house.url}/api/sticks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ publicKey: key.publicKey, code }),
  });
  const { chain } = (await response.json()) as { chain: Envelope[] };
  return () => offlineLaptop(key, chain, house.workshop.ref.id);
}

test('records from before drives were noted are looked through when the server starts', async () => {
  const sent = await send(newSerial());
  for (const table of ['driveSightings', 'drives'] as const) {
    const digests = house.db.deleteFrom(table).where('recordDigest', '=', sent.digest);
    await digests.execute();
  }
  await house.db.updateTable('records').set({ sighted: 0 }).where('digest', '=', sent.digest).execute();
  expect(await statesOf(sent)).toEqual([]);
  await catchUp(house.db);
  expect(await statesOf(sent)).toEqual([['quarantined', 'failed']]);
});

test('hostile text of a drive and of a statement is shown as text, everywhere', async () => {
  const laptop = await openLaptop(house.url, await house.benchCode(), newMachineId());
  const bytes = await recordBytes(laptop, { mode: 'real', outcomes: ['failed'], text: HOSTILE });
  expect((await submit(house.url, bytes)).status).toBe(201);
  const key = await keyOf({ laptop, digest: '' });
  const said = HOSTILE.replaceAll('\u0000', '').slice(0, 190);
  const { headers } = await destroy(key, { place: said, witness: said, slip: said });
  const place = headers.get('location') ?? '';
  expect(place).toMatch(/^\/destructions\//);
  for (const path of ['/quarantine?state=destroyed', `/quarantine/${key}`, place]) {
    const { status, text } = await lead.get(path);
    expect([path, status]).toEqual([path, 200]);
    expect(text).not.toMatch(/<script>|<img/);
    // oxlint-disable-next-line no-control-regex -- naming them is the purpose
    expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
  }
  const pages = await pageTexts((await lead.get(`/api${place}.pdf`)).bytes);
  expect(pages.join('')).toContain('⟨U+202E⟩');
});

test('the lists count what they hold', async () => {
  const { quarantined } = await quarantineCounts(house.db);
  const { drives, more } = await listDrives(house.db, 'quarantined', 1);
  expect(drives.length).toBe(quarantined);
  expect(more).toBe(false);
  expect((await lead.get('/quarantine')).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(
    `${quarantined} disques en quarantaine`,
  );
});
