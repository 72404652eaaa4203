// What a newcomer does: `npm start`, sign in, read the record, take the certificate away and verify it; then Ctrl-C.
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scratch } from '../test-fixtures/scratch.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

type Started = {
  url: string;
  code: string;
  said: () => string;
  stop: () => Promise<number | null>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts the script as npm does and waits for its last words. */
async function start(data: string, port = 0): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, REBOND_DATA: data, PORT: String(port) },
  });
  let said = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Ctrl-C arrête tout')) resolve();
    });
    void exited.then((status) => reject(new Error(`ended with ${status}: ${said}`)));
  });
  const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
  const [, code = ''] = /sign-in#([A-Z0-9-]+)/.exec(said) ?? [];
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return exited;
  };
  return { url, code, said: () => said, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

/** A signed-in browser without a browser: cookies and the form's token. */
async function signIn({ url, code }: Started): Promise<(path: string) => Promise<Response>> {
  const page = await fetch(`${url}/sign-in`);
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookies = new Map<string, string>();
  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
  };
  keep(page);
  const header = (): string => Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: header(), origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ _csrf: token, code }),
  });
  expect(answer.status).toBe(303);
  keep(answer);
  return (path) => fetch(url + path, { headers: { cookie: header() } });
}

/** Processes of this repository's scripts other than the tests themselves. */
const ours = (data: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`REBOND_DATA=${data}\0`)
      );
    } catch {
      return false; // it ended meanwhile, or is another user's
    }
  });
const loops = (): string[] =>
  readdirSync('/sys/block').filter((name) => existsSync(`/sys/block/${name}/loop/backing_file`));

describe('npm start', () => {
  it('brings a record, its grade and a certificate that verifies offline; Ctrl-C leaves only the data', async () => {
    using folder = scratch('start');
    const data = join(folder.path, 'data');
    const loopsBefore = loops();
    await using started = await start(data);
    expect(started.said()).toContain('RÉPÉTITION');
    expect(started.said()).toMatch(/relecture .*100 %/);

    const get = await signIn(started);
    const bench = await (await get('/')).text();
    const machine = /href="(\/machines\/[a-z0-9-]+)"/.exec(bench)?.[1] ?? '';
    const page = await (await get(machine)).text();
    expect(page).toContain('RÉPÉTITION');
    expect(page).toMatch(/au mieux/i);
    const id = /\/api\/certificates\/([0-9a-f-]{36})\.json/.exec(page)?.[1] ?? '';

    const certificate = join(folder.path, 'certificate.json');
    writeFileSync(certificate, Buffer.from(await (await get(`/api/certificates/${id}.json`)).arrayBuffer()));
    const pdf = Buffer.from(await (await get(`/api/certificates/${id}.pdf`)).arrayBuffer());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const trust = join(folder.path, 'trust.json');
    writeFileSync(trust, await (await fetch(`${started.url}/api/trust`)).text());
    const verify = (...args: string[]) =>
      run(process.execPath, [join(root, 'agent/src/main.ts'), 'verify', certificate, '--json', ...args]);
    expect(JSON.parse((await verify('--trust', trust)).stdout)).toMatchObject({
      status: 'valid',
      rehearsal: true,
    });
    await expect(verify()).rejects.toMatchObject({ code: 3 });

    expect(await started.stop()).toBe(0);
    await expect(fetch(started.url)).rejects.toThrow('fetch failed');
    expect(ours(data)).toEqual([]);
    expect(loops()).toEqual(loopsBefore);
    expect(readdirSync(join(data, 'stick', 'rehearsal'))).toEqual([]);
    expect(existsSync(join(data, 'rebond.sqlite'))).toBe(true);
  });

  it('a second start on the same data keeps the first record and adds its own', async () => {
    using folder = scratch('start');
    const data = join(folder.path, 'data');
    await (await start(data)).stop();
    await using again = await start(data);
    const get = await signIn(again);
    // A machine without DMI and network card is recognized within one session only: then there are two machines.
    const machines = new Set(
      (await (await get('/machines')).text()).match(/\/machines\/[a-z]-?[a-z0-9-]{8,}/g),
    );
    const pages = await Promise.all(Array.from(machines, async (path) => await (await get(path)).text()));
    const records = pages.join().match(/\/api\/records\/[0-9a-f]{64}\.json/g) ?? [];
    expect(new Set(records).size).toBe(2);
  });

  it('a session while the server is down waits on the stick, is sent later, and waits for the lead', async () => {
    using folder = scratch('start');
    const data = join(folder.path, 'data');
    await (await start(data)).stop();
    const env = { ...process.env, REBOND_HOME: join(data, 'stick') };
    const rebond = (...args: string[]) =>
      run(process.execPath, [join(root, 'agent/src/main.ts'), ...args], { env });
    const session = rebond('session', '--json', '--size', '8', '--loop', 'no');
    await expect(session).rejects.toMatchObject({ code: 5 });

    await using again = await start(data);
    const { stdout } = await rebond('report', '--json', '--server', again.url);
    expect(JSON.parse(stdout).sent).toEqual([]);
    const page = await (await (await signIn(again))('/machines?state=unconfirmed')).text();
    expect(page).toMatch(/Non confirmé/);
  });

  it('Ctrl-C in the middle of the rehearsal leaves nothing running and no loop device', async () => {
    using folder = scratch('start');
    const data = join(folder.path, 'data');
    const loopsBefore = loops();
    const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, REBOND_DATA: data, PORT: '0' },
    });
    const status = await new Promise((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        if (text.toString().includes('écriture')) child.kill('SIGINT');
      });
      child.once('exit', resolve);
    });
    expect(status).toBe(0);
    expect(ours(data)).toEqual([]);
    expect(loops()).toEqual(loopsBefore);
    expect(readdirSync(join(data, 'stick', 'rehearsal'))).toEqual([]);
  });

  it('a taken port is one clear sentence', async () => {
    using folder = scratch('start');
    const taken = createServer();
    await new Promise<void>((done) => void taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    await expect(start(join(folder.path, 'data'), port)).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^ended with 1:[^]*\bport\b/) }),
    );
    taken.close();
  });
});
