import { type MachineRecord, verifyDocument } from '@rebond/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLeftovers } from '../../../test-fixtures/leftovers.ts';
import { pageTexts } from '../../../test-fixtures/pdf-tools.ts';
import { EXAMPLES, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { type Laptop, openLaptop } from '../../../test-fixtures/laptops.ts';
import { HOSTILE, recordBytes, type RecordWishes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';

let house: House;
let lead: Visitor;
beforeAll(async () => {
  house = await openHouse();
  lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
});
afterAll(() => house.close());

async function send(wishes: RecordWishes): Promise<Laptop> {
  const laptop = await openLaptop(house.url, await house.benchCode());
  expect((await submit(house.url, await recordBytes(laptop, wishes))).status).toBe(201);
  return laptop;
}

const bare = (text: string): string => text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

test('a machine’s page tells its story: grade with reasons, wipes with evidence, refusals, parts', async () => {
  const { machineId } = await send({ mode: 'real', batteryPercent: 55 });
  const page = bare((await lead.get(`/machines/${machineId}`)).text);
  for (const words of [
    'Dans les termes de la norme, en anglais : NIST SP 800-88',
    'LENOVO ThinkPad T470',
    'au mieux C',
    'Batterie BAT0 : 55 % de sa capacité d’origine.',
    'Aspect : personne ne l’a encore regardé.',
    'Effacé',
    'ÉCHEC',
    'INCONNU',
    '1 secteur différent',
    'La machine s’est arrêtée pendant l’écriture.',
    'Disques laissés intacts',
    'Cette machine a démarré dessus.',
    'Non lu — l’outil a échoué ( smartctl )',
    'Valider le constat',
  ]) {
    expect(page).toContain(words);
  }
  expect(page).not.toContain('RÉPÉTITION');
});

test('what stays English on a French page is marked so, and lines stay lines', async () => {
  const change = (record: MachineRecord): void => {
    const [, second] = record.inventory.drives.outcome === 'read' ? record.inventory.drives.value : [];
    if (second?.health.outcome === 'failed')
      second.health.failure.detail = 'first line\nsecond <b>line</b>\u001b[2J\n';
  };
  const { machineId } = await send({ change });
  const { text } = await lead.get(`/machines/${machineId}`);
  expect(text).toMatch(/En anglais :<\/span> <span lang="en">REHEARSAL: a file is not a storage medium/);
  expect(text).toContain(
    '<code class="quiet" lang="en">first line<br />second &#60;b&#62;line&#60;/b&#62;⟨U+001B⟩[2J</code>',
  );
  expect(text).not.toContain('U+000A');
  const english = (await lead.get(`/machines/${machineId}?lang=en`)).text;
  expect(english).not.toContain('En anglais');
  lead.cookies.delete('lang');
});

test('the code page gives a command that works from a clone, without the code on it', async () => {
  const { text } = await lead.form('/', '/bench/code', {});
  expect(text).toContain('Nouvel ordinateur');
  expect(text).toContain(`<code>npm run -s rebond -- session --server ${house.url}</code>`);
  expect(text).toContain('npm run -s rebond -- session --server');
  expect(text).not.toContain('--code');
});

test('a rehearsal is said loudly, in both languages', async () => {
  const { machineId } = await send({});
  expect((await lead.get(`/machines/${machineId}`)).text).toContain(
    'RÉPÉTITION — aucun disque de cette machine',
  );
  const english = (await lead.get(`/machines/${machineId}?lang=en`)).text;
  expect(english).toContain('REHEARSAL — no drive of this machine was sanitized');
  expect(english).toContain('<html lang="en">');
  lead.cookies.delete('lang');
});

test('hostile text in every field is shown as text', async () => {
  const { machineId } = await send({ text: HOSTILE });
  for (const path of [
    '/',
    '/machines',
    `/machines/${machineId}`,
    '/certificates',
    `/machines?text=${encodeURIComponent(HOSTILE)}`,
  ]) {
    const { status, text } = await lead.get(path.slice(0, 400));
    expect(status).toBeLessThan(401);
    expect(text).not.toMatch(/<script>|<img/);
    // oxlint-disable-next-line no-control-regex -- naming them is the purpose
    expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
  }
});

test('the list is searched by what is printed on laptop and drive', async () => {
  const { machineId } = await send({ text: 'Modèle-42%_' });
  for (const text of ['modèle-42', '42%_', machineId]) {
    expect((await lead.get(`/machines?text=${encodeURIComponent(text)}`)).text).toContain(machineId);
  }
  expect((await lead.get(`/machines?text=${encodeURIComponent('42%%')}`)).text).not.toContain(machineId);
  expect((await lead.get('/machines?outcome=none')).text).not.toContain(machineId);
  expect((await lead.get(`/machines?text=${encodeURIComponent("' or 1=1 --")}`)).text).not.toContain(
    machineId,
  );
});

test.each([
  '/machines/..%2f..',
  '/machines/m-nowhere',
  '/machines/A',
  `/machines/${'a'.repeat(65)}`,
  '/machines/%00',
  '/machines/x?record=../../etc',
])('there is nothing at %s', async (path) => {
  expect([400, 404]).toContain((await lead.raw(path)).status);
});

test('the bench counts the day’s machines and drives, and exercises apart', async () => {
  const { text } = await lead.get('/');
  const tiles = bare(/<dl class="tiles">([\s\S]*?)<\/dl>/.exec(text)?.[1] ?? '');
  expect(tiles).toMatch(/machines 5 fiches reçues 5 disque effacé 1 échec 1 inconnu 1 répétitions 4/);
  const glance = await lead.get('/glance');
  const again = await lead.get('/glance', { 'if-none-match': glance.headers.get('etag') ?? '' });
  expect([glance.status, again.status]).toEqual([200, 304]);
});

test('what the laptop says that it ran is shown as its own word; older records say less', async () => {
  const [agent, squashfs] = ['ab'.repeat(32), 'cd'.repeat(32)];
  const change = (record: MachineRecord): void => {
    record.schema = 'rebond.record/2';
    record.agent = { version: '0.2.0', sha256: agent };
    record.image = { version: '<b>0.2.0</b>', serial: 1_790_000_000, sha256: squashfs };
  };
  const { machineId } = await send({ change });
  const { text } = await lead.get(`/machines/${machineId}?lang=fr`);
  for (const words of [agent, squashfs, '&#60;b&#62;0.2.0', '(1790000000)', 'déclaré par la machine']) {
    expect(text).toContain(words);
  }
  const far = await send({
    change: (record) => {
      change(record);
      record.image = { version: '', serial: Number.MAX_SAFE_INTEGER, sha256: squashfs };
    },
  });
  expect((await lead.get(`/machines/${far.machineId}`)).text).toContain(String(Number.MAX_SAFE_INTEGER));
  const elsewhere = await send({
    change: (record) => {
      record.schema = 'rebond.record/2';
      record.image = null;
    },
  });
  for (const id of [elsewhere.machineId, (await send({})).machineId]) {
    expect((await lead.get(`/machines/${id}`)).text).not.toContain('Image de démarrage');
  }
});

test('what is left over beside the drives is told, with every refusal, and a label for what it is', async () => {
  const outcomes = ['done'] as const;
  const { machineId } = await send({ mode: 'real', outcomes, change: withLeftovers('ubuntu') });
  const page = bare((await lead.get(`/machines/${machineId}`)).text);
  for (const words of [
    'Carte SD trouvé et retiré',
    'Carte SIM rien trouvé',
    'Disque optique pas regardé (vu par la machine : ubuntu )',
    'demandé, pas encore fait',
    'Demande d’avant refusé',
    'Boot0002 ubuntu vers un disque effacé ici retirée',
    'Boot0001 ubuntu vers aucun disque présent pas fait ubuntu',
    'le technicien a dit non',
    'Non lu — réponse absurde',
  ]) {
    expect(page).toContain(words);
  }
  expect((await lead.get(`/machines/${(await send({})).machineId}`)).text).not.toContain(
    'Ce qui reste à part',
  );
});

test('the certificate of a drive without a serial number names its label on page and paper', async () => {
  const { machineId } = await send({
    mode: 'real',
    steps: (sessionId) => {
      const wishes = EXAMPLES['overwrite, sampled'];
      return [stepEvidence(stepPlan({ ...wishes, change: { sessionId } }), wishes.means)];
    },
    change: withLeftovers('ubuntu', 'REB-0043'),
  });
  const { text } = await lead.get(`/machines/${machineId}`);
  expect(bare(text)).toContain(
    'Étiquette de l’atelier REB-0043 (collée par l’atelier ; le disque ne la connaît pas)',
  );
  const id = /href="\/certificates\/([0-9a-f-]{36})"/.exec(text)?.[1] ?? '';
  const page = (await lead.get(`/certificates/${id}`)).text;
  expect(bare(page)).toContain('Étiquette de l’atelier REB-0043');
  const { bytes } = await lead.get(`/api/certificates/${id}.json`);
  expect(await verifyDocument(bytes, null)).toMatchObject({
    certificate: {
      schema: 'rebond.certificate/3',
      media: { identity: { serial: null, propertyLabel: 'REB-0043' } },
    },
  });
  const pages = (await pageTexts((await lead.get(`/api/certificates/${id}.pdf`)).bytes)).join(' ');
  expect(pages.replace(/\s+/g, ' ')).toContain('REB-0043');
  expect(pages).toContain('Property label');
});
