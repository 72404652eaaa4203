import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  type EvidenceV2,
  JOURNAL_PART_TYPE,
  type MachineRecord,
  seal,
  SHELL_REQUEST_TYPE,
} from '@rebond/protocol';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { join } from 'node:path';
import { parseConfig } from '../../../agent/src/parse/config.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImageFolder } from '../../../test-fixtures/image-folder.ts';
import { withLeftovers } from '../../../test-fixtures/leftovers.ts';
import { type Laptop, newNonce, openLaptop } from '../../../test-fixtures/laptops.ts';
import { HOSTILE, recordBytes, type RecordWishes } from '../../../test-fixtures/records.ts';
import { type Scratch, scratch } from '../../../test-fixtures/scratch.ts';
import { type Started, startServer, submit } from '../../../test-fixtures/server.ts';
import { EXAMPLES, seenPerfectly, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-quic',
  '--disable-component-update',
  '--disable-sync',
];

let folder: Scratch;
let server: Started;
let browser: Browser;
let state: Awaited<ReturnType<BrowserContext['storageState']>>;
/** The pages of a drive that was destroyed, and of its certificate. */
let shelved: string[];
let laptops: Record<'steps' | 'plain' | 'rehearsal' | 'hostile' | 'left', Laptop>;

beforeAll(async () => {
  folder = scratch('pages');
  const image = makeImageFolder(join(folder.path, 'image'), (manifest) => {
    manifest.version = HOSTILE;
  });
  server = await startServer(join(folder.path, 'data'), { REBOND_IMAGE: image.path });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
  laptops = {
    steps: await send({ mode: 'real', steps: everyKindOfStep }),
    rehearsal: await send({}),
    hostile: await send({ text: HOSTILE }),
    plain: await send({ mode: 'real', batteryPercent: 61, change: onImage }),
    left: await send({ mode: 'real', steps: oneOverwrite, change: withLeftovers(HOSTILE, 'REB-0042') }),
  };
  await submit(server.url, new TextEncoder().encode(HOSTILE));
  await openShell(await openLaptop(server.url, await server.benchCode(HOSTILE)));
});

/** Each kind of step, in words that try everything. */
function everyKindOfStep(sessionId: string): EvidenceV2[] {
  const two = [
    EXAMPLES['thawed, unlocked, revealed, enhanced erase'],
    EXAMPLES['NVMe sanitize, then overwrite and full read-back'],
  ];
  return two.map((wishes) => {
    const plan = stepPlan({ ...wishes, change: { sessionId, planId: crypto.randomUUID() } });
    const seen = seenPerfectly(plan);
    const steps = seen.steps.map((step) =>
      step.kind === 'firmware' ? { ...step, stateBefore: HOSTILE, stateAfter: HOSTILE.repeat(2) } : step,
    );
    return stepEvidence(plan, wishes.means, { ...seen, steps });
  });
}

function oneOverwrite(sessionId: string): EvidenceV2[] {
  const wishes = EXAMPLES['overwrite, sampled'];
  return [stepEvidence(stepPlan({ ...wishes, change: { sessionId } }), wishes.means)];
}

/** A session that keeps its journal here, and on whose laptop a lead opened a shell. */
async function openShell({ key, audience, sessionId, machineId, chain }: Laptop): Promise<void> {
  const speaker = { audience, sessionId, machineId, chain };
  const part = { schema: 'rebond.journal-part/1' as const, ...speaker, from: 0, lines: ['{}'] };
  const body = JSON.stringify(await seal(JOURNAL_PART_TYPE, part, key));
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${server.url}/api/journals`, { method: 'POST', headers, body })).status).toBe(200);
  const request = { schema: 'rebond.shell-request/1', ...speaker, nonce: newNonce() } as const;
  const answer = once(server.process, 'message') as Promise<[{ code: string }]>;
  server.process.send({ type: 'shell-code' });
  const [{ code }] = await answer;
  const asked = JSON.stringify({ request: await seal(SHELL_REQUEST_TYPE, request, key), code });
  const opened = await fetch(`${server.url}/api/shells`, { method: 'POST', headers, body: asked });
  expect(opened.status).toBe(201);
}

function onImage(record: MachineRecord): void {
  record.schema = 'rebond.record/2';
  record.agent.sha256 = 'ab'.repeat(32);
  record.image = { version: '0.1.0', serial: 1_790_000_000, sha256: 'cd'.repeat(32) };
}
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  folder?.remove();
});

async function send(wishes: RecordWishes): Promise<Laptop> {
  const laptop = await openLaptop(server.url, await server.benchCode());
  const { status } = await submit(server.url, await recordBytes(laptop, wishes));
  expect(status).toBe(201);
  return laptop;
}

/** A page that notes everything that must not happen on it. */
async function watchedPage(context: BrowserContext): Promise<{ page: Page; wrongs: string[] }> {
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrongs.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) wrongs.push(`request elsewhere: ${request.url()}`);
  });
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective, event.blockedURI))`,
  });
  return { page, wrongs };
}

test('the link of the start fills the code’s field, and the code signs in', async () => {
  const context = await browser.newContext({ locale: 'fr-FR' });
  const { page, wrongs } = await watchedPage(context);
  await page.goto(server.signInUrl);
  expect(await page.inputValue('input[name=code]')).toBe(server.signInCode);
  expect(page.url()).toBe(`${server.url}/sign-in`); // no longer in the address bar or the history
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.click('form:has(input[name=code]) button');
  await page.waitForURL(`${server.url}/`);
  expect(await page.textContent('h1')).toBe('L’atelier');
  state = await context.storageState();
  expect(wrongs).toEqual([]);
  await context.close();
});

test('the lead states a destruction, with the keyboard alone, and the document says who says it', async () => {
  const context = await browser.newContext({ storageState: state });
  const { page, wrongs } = await watchedPage(context);
  await page.goto(`${server.url}/quarantine?lang=fr`);
  await page.locator('a.row').first().focus();
  await Promise.all([page.waitForURL(/quarantine\/[0-9a-f]{64}$/), page.keyboard.press('Enter')]);
  shelved = [new URL(page.url()).pathname];
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.locator('select[name=method]').focus();
  await page.keyboard.type('fusion');
  await page.fill('input[name=on]', new Date().toISOString().slice(0, 10));
  await page.locator('input[name=place]').focus();
  for (const words of ['Fonderie', 'Témoin 1', 'BSD-31', 'q-0007']) {
    await page.keyboard.type(words);
    await page.keyboard.press('Tab');
  }
  await Promise.all([page.waitForURL(/destructions/), page.keyboard.press('Enter')]);
  shelved.push(new URL(page.url()).pathname);
  const text = (await page.textContent('main')) ?? '';
  for (const words of ['DÉTRUIT — DÉCLARÉ PAR DES PERSONNES', 'fusion', 'Fonderie', 'BSD-31', 'Q-0007']) {
    expect(text).toContain(words);
  }
  expect(wrongs).toEqual([]);
  await context.close();
});

const SIZES = [360, 1280, 1600];

test.each([
  ['light', 'fr'],
  ['dark', 'fr'],
  ['light', 'en'],
  ['dark', 'en'],
] as const)(
  'every page is sound in %s, in %s: no violation, no error, nothing executed, nothing cut off',
  async (colorScheme, lang) => {
    const context = await browser.newContext({
      storageState: state,
      colorScheme,
      viewport: { width: 1280, height: 900 },
    });
    const { page, wrongs } = await watchedPage(context);
    await page.goto(`${server.url}/certificates?lang=${lang}`);
    const certificates = await page
      .locator('a.certificate')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(certificates.length).toBe(12);
    const paths = [
      '/quarantine',
      '/quarantine?state=destroyed',
      ...shelved,
      '/',
      '/machines',
      `/machines?text=${encodeURIComponent('"><script>alert(3)</script>')}`,
      `/machines/${laptops.plain.machineId}`,
      `/machines/${laptops.rehearsal.machineId}`,
      `/machines/${laptops.hostile.machineId}`,
      `/machines/${laptops.steps.machineId}`,
      `/machines/${laptops.left.machineId}`,
      '/certificates',
      certificates[0] ?? '',
      certificates[9] ?? '',
      certificates[11] ?? '',
      '/refused',
      '/people',
      '/sticks',
      '/shells',
      '/account',
      '/api/docs',
    ];
    for (const path of paths) {
      const answer = await page.goto(server.url + path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      expect(await page.getAttribute('html', 'lang')).toBe(lang);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect([path, violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])]).toEqual([
        path,
        [],
      ]);
      for (const width of SIZES) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([path, width, overflow]).toEqual([path, width, 0]);
      }
    }
    expect(wrongs).toEqual([]);
    await context.close();
  },
);

test('the bench shows a new machine by itself, and works without scripts', async () => {
  const context = await browser.newContext({ storageState: state });
  const { page, wrongs } = await watchedPage(context);
  await page.goto(`${server.url}/?lang=fr`);
  const before = await page.locator('a.machine').count();
  await send({ outcomes: ['done'] });
  await page.locator('a.machine').nth(before).waitFor({ timeout: 15_000 });
  expect(wrongs).toEqual([]);
  await context.close();

  const plain = await browser.newContext({ storageState: state, javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(`${server.url}/?lang=fr`);
  await still.click('.title button');
  expect(await still.textContent('#code')).toMatch(/^[A-Z]{4}-[A-Z]{4}-[A-Z]{4}$/);
  await plain.close();
});

test('the lead downloads a config.json for a stick, without scripts, and the page stays', async () => {
  const context = await browser.newContext({ storageState: state, javaScriptEnabled: false });
  const { page, wrongs } = await watchedPage(context);
  await page.goto(`${server.url}/sticks?lang=fr`);
  await page.getByLabel('Poste (facultatif)').fill('Banc 3');
  await page.getByLabel('Clavier des ordinateurs').selectOption({ label: 'AZERTY, belge' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Télécharger config.json' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('config.json');
  const parsed = parseConfig(readFileSync(await download.path(), 'utf8'));
  expect(parsed).toMatchObject({
    kind: 'sound',
    config: { servers: [{ url: server.url }], bench: 'Banc 3', language: 'fr', keyboard: 'be-latin1' },
  });
  expect(page.url()).toBe(`${server.url}/sticks?lang=fr`);
  expect(wrongs).toEqual([]);
  await context.close();
});

test('the lead decides on the machine’s page, with the keyboard alone', async () => {
  const context = await browser.newContext({ storageState: state });
  const { page, wrongs } = await watchedPage(context);
  await page.goto(`${server.url}/machines/${laptops.plain.machineId}?lang=fr`);
  const wipe = page.locator('article.wipe').nth(1);
  await wipe.locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Disque à détruire.');
  await page.keyboard.press('Tab');
  await Promise.all([page.waitForURL(/record=/), page.keyboard.press('Enter')]);
  expect(await page.locator('article.wipe').nth(1).locator('.certificate-line').textContent()).toContain(
    'Rejeté',
  );
  await page.locator('article.wipe').nth(1).getByRole('link', { name: 'Certificat' }).click();
  expect(await page.textContent('main')).toContain('Disque à détruire.');
  expect(wrongs).toEqual([]);
  await context.close();
});

test('a technician gets in with the handed-over code, sees no lead’s page, and signs out', async () => {
  const lead = await browser.newContext({ storageState: state });
  const people = await lead.newPage();
  await people.goto(`${server.url}/people?lang=fr`);
  await people.fill('input[name=name]', 'Technicien 1');
  await people.click('form.narrow button');
  const code = (await people.textContent('.code')) ?? '';
  await lead.close();

  const context = await browser.newContext({ locale: 'fr-FR' });
  const { page, wrongs } = await watchedPage(context);
  await page.goto(`${server.url}/sign-in`);
  await page.fill('input[name=code]', code.toLowerCase());
  await page.keyboard.press('Enter');
  await page.waitForURL(`${server.url}/`);
  expect(await page.locator('nav a').allTextContents()).toEqual([
    'L’atelier',
    'Machines',
    'Certificats',
    'Quarantaine',
  ]);
  await page.goto(`${server.url}/machines/${laptops.plain.machineId}`);
  expect(await page.getByText('Valider le constat').count()).toBe(0);
  expect(wrongs).toEqual([]);
  for (const path of ['/refused', '/people', '/sticks', '/shells'])
    expect((await page.goto(server.url + path))?.status()).toBe(403);
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.waitForURL(`${server.url}/sign-in`);
  await page.goto(`${server.url}/machines`);
  expect(page.url()).toBe(`${server.url}/sign-in`);
  await context.close();
});
