// The command line as scripts use it: exit statuses, JSON, both languages. Runs the real program.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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
    [['wipe', '--drive', '/dev/x', '--rehearsal'], 2],
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
});
