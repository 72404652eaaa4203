// The command line as scripts use it: exit statuses, JSON, both languages. Runs the real program.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Inventory, type MachineRecord, openBytes } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test-fixtures/scratch.ts';
import { makeWorkshop, pairedStick } from '../../test-fixtures/workshop.ts';

type Ran = { status: number | null; out: string; err: string };

function rebond(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ran: Ran = { status: null, out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (ran.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (ran.err += text.toString()));
  return new Promise((resolve) => void child.once('close', (status) => resolve({ ...ran, status })));
}

async function paired(home: string): Promise<void> {
  await pairedStick(home, await makeWorkshop(), 'http://127.0.0.1:9');
}

function onlyRecord(home: string): MachineRecord {
  const name = readdirSync(join(home, 'spool')).find((each) => each.endsWith('.json'));
  return openBytes(readFileSync(join(home, 'spool', name ?? ''))).payload as MachineRecord;
}

/** The kernel's name of a disk that carries this machine's root file system, if it is a plain one. */
function rootDisk(): string | undefined {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((each) => each.split(' ')[4] === '/');
  const device = line?.split(' ')[2];
  return readdirSync('/sys/block').find((disk) => {
    const nodes = [
      disk,
      ...readdirSync(`/sys/block/${disk}`)
        .filter((entry) => entry.startsWith(disk))
        .map((part) => `${disk}/${part}`),
    ];
    return nodes.some((node) => readFileSync(`/sys/block/${node}/dev`, 'utf8').trim() === device);
  });
}

describe('rebond', () => {
  it('explains itself, and its exit statuses', async () => {
    const { status, out } = await rebond(['--help']);
    expect(status).toBe(0);
    for (const word of ['probe', 'wipe', 'session', 'report', 'verify', 'pair', 'Exit status'])
      expect(out).toContain(word);
    for (const command of ['probe', 'wipe', 'session', 'report', 'verify', 'pair']) {
      expect((await rebond([command, '--help'])).status).toBe(0);
    }
  });

  it.each([
    [['nonsense'], 2],
    [['probe', '--nonsense'], 2],
    [['wipe'], 2],
    [['wipe', '--drive', '/dev/x', '--rehearsal', '--i-am-not-a-rehearsal'], 2],
    [['session', '--size', 'much'], 2],
    [['session', '--size', '0'], 2],
    [['verify'], 2],
    [['verify', '/nonexistent'], 2],
    [['--lang', 'de', 'probe'], 2],
  ])('%j exits %i', async (args, status) => {
    expect((await rebond(args)).status).toBe(status);
  });

  it('probe --json is one inventory of the protocol’s shape, complete though tools are missing', async () => {
    for (const path of [process.env['PATH'], '/nonexistent']) {
      const { status, out } = await rebond(['probe', '--json'], { PATH: path });
      expect(status).toBe(0);
      const { inventory } = JSON.parse(out);
      expect(Inventory.safeParse(inventory).error).toBeUndefined();
    }
  });

  it('a session without server or paired stick does not begin, and says so in both languages', async () => {
    using folder = scratch('cli');
    const { status, err } = await rebond(['session', '--home', folder.path]);
    expect(status).toBe(6);
    expect(err.replace(/\s+/g, ' ')).toMatch(/Rien n’a été touché.*Nothing was touched/);
  });

  it.each([
    ['http://192.0.2.1:8080', 'loopback only'],
    ['https://192.0.2.1:8080', 'no pin'],
  ])('a server at %s is refused before anything is sent (%s)', async (server) => {
    using folder = scratch('cli');
    const { status, err } = await rebond([
      'session',
      '--home',
      folder.path,
      '--server',
      server,
      '--code',
      'ABCD-EFGH',
    ]);
    expect(status).toBe(6);
    expect(err).toContain('--pin');
  });

  it('session --json gives its outcome on stdout; unsent is status 5', async () => {
    using folder = scratch('cli');
    await paired(folder.path);
    const { status, out } = await rebond([
      'session',
      '--json',
      '--home',
      folder.path,
      '--size',
      '8',
      '--loop',
      'no',
    ]);
    expect(status).toBe(5);
    expect(JSON.parse(out)).toMatchObject({
      mode: 'rehearsal',
      sanitizations: [{ outcome: 'done', levelAchieved: 'none' }],
    });
    expect((await rebond(['report', '--json', '--home', folder.path])).status).toBe(5);
  });

  it('a drive that is not there is refused with status 4, and the refusal is in the record', async () => {
    using folder = scratch('cli');
    await paired(folder.path);
    const drive = '/dev/no-such-drive';
    const { status } = await rebond([
      'wipe',
      '--home',
      folder.path,
      '--drive',
      drive,
      '--i-am-not-a-rehearsal',
    ]);
    expect(status).toBe(4);
    const record = onlyRecord(folder.path);
    expect(record.sanitizations).toEqual([]);
    expect(record.refusals.find(({ path }) => path === drive)?.reasons[0]?.code).toBe('not-found');
    expect(record.notice).toBeNull();
  });

  const disk = rootDisk();
  it.skipIf(disk === undefined)(
    'the drive that carries this system is refused for every reason there is',
    async () => {
      using folder = scratch('cli');
      await paired(folder.path);
      const { status } = await rebond(['wipe', '--home', folder.path, '--drive', `/dev/${disk}`]);
      expect(status).toBe(4);
      const refusal = onlyRecord(folder.path).refusals.find(({ path }) => path === `/dev/${disk}`);
      const codes = refusal?.reasons.map(({ code }) => code) ?? [];
      for (const code of ['boot', 'mounted', 'not-live', 'not-confirmed']) expect(codes).toContain(code);
    },
  );

  it.skipIf(disk === undefined)('a rehearsal asks for no drive of this machine', async () => {
    using folder = scratch('cli');
    await paired(folder.path);
    const args = ['wipe', '--home', folder.path, '--rehearsal', '--drive', `/dev/${disk}`];
    expect((await rebond(args)).status).toBe(4);
    const record = onlyRecord(folder.path);
    expect(record).toMatchObject({ mode: 'rehearsal', notice: expect.anything(), sanitizations: [] });
    const refusal = record.refusals.find(({ path }) => path === `/dev/${disk}`);
    expect(refusal?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['rehearsal', 'local-in-rehearsal', 'boot']),
    );
    expect((await rebond([...args, '--i-am-not-a-rehearsal'])).status).toBe(2);
  });

  it('what cannot begin is JSON with --json', async () => {
    using folder = scratch('cli');
    for (const args of [['session', '--home', folder.path], ['report', '--home', folder.path], ['wipe']]) {
      const { out } = await rebond([...args, '--json']);
      const { error } = JSON.parse(out);
      expect(error.code).toMatch(/^[a-z-]+$/);
      expect(error.fr).not.toBe(error.en);
    }
  });

  it.each(['/proc/rebond-no-such-place/home', '/dev/null'])(
    'a home at %s is refused in a sentence',
    async (home) => {
      const { status, err } = await rebond(['report', '--home', home, '--server', 'http://127.0.0.1:9']);
      expect(status).toBe(1);
      expect(err.replace(/\s+/g, ' ')).toMatch(/--home.*Make room or give another folder/);
      expect(err).not.toContain('    at ');
    },
  );

  it('a damaged stick.json is said, and the records stay', async () => {
    using folder = scratch('cli');
    await paired(folder.path);
    writeFileSync(join(folder.path, 'stick.json'), '{"schema":');
    const { status, err } = await rebond(['session', '--home', folder.path]);
    expect(status).toBe(6);
    expect(err).toContain('stick.json');
  });

  it('leaves other people’s files in its folder alone', async () => {
    using folder = scratch('cli');
    await paired(folder.path);
    writeFileSync(join(folder.path, 'film.mkv.partial'), 'x');
    await rebond(['report', '--home', folder.path]);
    expect(existsSync(join(folder.path, 'film.mkv.partial'))).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'a home behind a symbolic link leaves no loop device attached',
    async () => {
      using folder = scratch('cli');
      await paired(join(folder.path, 'real'));
      symlinkSync(join(folder.path, 'real'), join(folder.path, 'link'));
      const home = join(folder.path, 'link');
      const { out } = await rebond(['session', '--json', '--home', home, '--size', '8']);
      expect(JSON.parse(out).sanitizations).toMatchObject([
        { path: expect.stringContaining('/dev/loop'), outcome: 'done' },
      ]);
      const behind = readdirSync('/sys/block').flatMap((name) => {
        const file = `/sys/block/${name}/loop/backing_file`;
        return existsSync(file) ? [readFileSync(file, 'utf8')] : [];
      });
      expect(behind.filter((file) => file.includes(folder.path))).toEqual([]);
    },
  );

  it('a reader that goes away, and a second Ctrl-C, leave nothing behind', async () => {
    using folder = scratch('cli');
    await paired(folder.path);
    const order = ['--lang', 'en', 'session', '--home', folder.path, '--size', '512', '--loop', 'no'];
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...order], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        if (/writing/.test(text.toString())) resolve();
      });
    });
    child.stderr.destroy();
    child.kill('SIGINT');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(onlyRecord(folder.path).sanitizations[0]?.outcome).toBe('unknown');
    expect(readdirSync(join(folder.path, 'rehearsal'))).toEqual([]);
    expect(readdirSync(join(folder.path, 'journal'))).toEqual([]);
  });

  it('what a server answers does not act on the terminal', async () => {
    using folder = scratch('cli');
    const server = createServer((_, response) => {
      const error = { code: 'bad-code', fr: '\u001b[2Jfaux\u0007', en: '\u001b]0;x\u0007wrong' };
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const at = ['--server', `http://127.0.0.1:${port}`, '--code', 'ABCD'];
    const { status, err } = await rebond(['session', '--home', folder.path, ...at]);
    server.close();
    expect(status).toBe(6);
    expect(err).toContain('⟨U+001B⟩');
    expect(err).not.toContain('\u001b');
  });
});
