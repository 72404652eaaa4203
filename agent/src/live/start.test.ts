import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeInventory } from '../../../test-fixtures/inventory.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { smallServer } from '../../../test-fixtures/small-server.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { settingsOf } from '../decide/settings.ts';
import { stickLine } from '../decide/stick-line.ts';
import { durableFolder, readFolder } from '../effects/durable.ts';
import { files } from '../effects/files.ts';
import { removeSystemFile, writeSystemFile } from '../effects/system-files.ts';
import type { Run } from '../effects/types.ts';
import { parseCmdline } from '../parse/cmdline.ts';
import { journalLine } from '../parse/journal.ts';
import { leftJournals } from '../report/journal.ts';
import { forgetCode } from './enrol.ts';
import { awaitMedium, bootMedium, type LiveFacts, readLiveFacts } from './facts.ts';
import { dueFromStick, noteHeld } from './held.ts';
import { openKeeper } from './keeper.ts';
import { linkTo } from './link.ts';
import { plugged } from './plugged.ts';
import { lastExit, readSettings, setUp } from './start.ts';

const NONE = new Uint8Array();
const STICK = { kind: 'stick', partition: '/dev/sda1', disk: '/dev/sda', diskseq: '3' } as const;
const factsWith = (home: string | null, config = home): LiveFacts => ({
  ...{ boot: parseCmdline(''), onLiveImage: false, image: null, agentSha256: null },
  medium: { ...STICK, home, config, doubt: null },
});

describe('at the start', () => {
  it('a config.json that is wrong is said, and the defaults serve', async () => {
    using folder = scratch('start');
    writeFileSync(join(folder.path, 'config.json'), '{"schema":"rebond.config/1","serveurs":[]}');
    const { settings, problem } = await readSettings(factsWith(folder.path), files);
    expect(problem?.fr).toContain('serveurs');
    expect(settings.servers).toEqual([]);
    expect(await readSettings(factsWith(join(folder.path, 'none')), files)).toMatchObject({ problem: null });
    mkdirSync(join(folder.path, 'x', 'config.json'), { recursive: true });
    expect((await readSettings(factsWith(join(folder.path, 'x')), files, 1)).problem?.fr).toContain(
      'illisible',
    );
  });

  it('config.json is read on a stick that takes no write, and asked for again where it does not answer at once', async () => {
    using folder = scratch('start');
    writeFileSync(join(folder.path, 'config.json'), '{"schema":"rebond.config/1","bench":"Banc 7"}');
    expect((await readSettings(factsWith(null, folder.path), files)).settings.bench).toBe('Banc 7');
    let asked = 0;
    const slow: typeof files = {
      ...files,
      text: (path, max) =>
        (asked += 1) < 3 ? Promise.resolve({ kind: 'refused', detail: 'EIO' }) : files.text(path, max),
    };
    expect(await readSettings(factsWith(null, folder.path), slow, 1)).toMatchObject({
      ...{ problem: null, settings: { bench: 'Banc 7' } },
    });
    expect(asked).toBe(3);
  });

  it('a live image waits for word of its medium, and not for ever', async () => {
    const late = { ...factsWith(null), medium: null, onLiveImage: true };
    let asked = 0;
    const read = () => Promise.resolve((asked += 1) < 3 ? late : factsWith('/x'));
    expect((await awaitMedium(late, read, 10_000, 1)).medium?.home).toBe('/x');
    expect(asked).toBe(3);
    expect((await awaitMedium(late, () => Promise.resolve(late), 5, 1)).medium).toBeNull();
    expect(await awaitMedium({ ...late, onLiveImage: false }, read, 10_000, 1)).toMatchObject({
      medium: null,
    });
    expect(asked).toBe(3);
  });

  it('the reason of the last end is told once, in plain words, with what it printed made harmless', async () => {
    using folder = scratch('start');
    writeFileSync(join(folder.path, 'last-exit'), 'signal killed KILL\nError: \u001b[2J boom\n');
    const told = await lastExit(folder.path, files, removeSystemFile);
    expect(told[0]?.fr).toContain('tué par un signal KILL');
    expect(told[0]?.fr).toContain('Rien n’est perdu');
    expect(told[1]?.fr).toContain('⟨U+001B⟩[2J boom');
    expect(await lastExit(folder.path, files, removeSystemFile)).toEqual([]);
    writeFileSync(join(folder.path, 'last-exit'), 'success exited 0\n');
    expect(await lastExit(folder.path, files, removeSystemFile)).toEqual([]);
  });

  it('keyboard and network are set; what does not work is told and stops nothing', async () => {
    const ran: string[] = [];
    const works: Run = (argv) => {
      ran.push(argv.join(' '));
      return Promise.resolve({ kind: 'exited', exitCode: 0, stdout: NONE, stderr: NONE });
    };
    const settings = settingsOf(null, parseCmdline(''));
    expect(await setUp(settings, works, () => Promise.resolve())).toEqual([]);
    expect(ran).toEqual(['loadkeys fr', 'networkctl reload']);
    const unknown: Run = (argv) => {
      ran.push(argv.join(' '));
      const exitCode = argv[1] === 'ff' ? 1 : 0;
      return Promise.resolve({ ...{ kind: 'exited', exitCode }, ...{ stdout: NONE, stderr: NONE } });
    };
    for (const [lang, now] of [
      ['fr', '« fr » qui sert (AZERTY'],
      ['en', '« us » qui sert (QWERTY'],
    ] as const) {
      const [told] = await setUp({ ...settings, lang, keyboard: 'ff' }, unknown, () => Promise.resolve());
      expect(told?.fr).toContain('« ff » n’est pas connu');
      expect(told?.fr).toContain(now);
    }
    expect(ran.slice(2).filter((line) => line.startsWith('loadkeys'))).toEqual([
      ...['loadkeys ff', 'loadkeys fr', 'loadkeys ff', 'loadkeys us'],
    ]);
    const missing: Run = () => Promise.resolve({ kind: 'missing' });
    const problems = await setUp(settings, missing, () => Promise.reject(new Error('EROFS')));
    expect(problems).toHaveLength(2);
  });

  it('a file with a passphrase is never readable by others, not for a moment', async () => {
    using folder = scratch('start');
    const path = join(folder.path, 'a', 'x.psk');
    await writeSystemFile({ path, text: 'SECRET', mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('SECRET');
  });

  it('another system than the live image is not taken for it', async () => {
    using folder = scratch('start');
    const cmdline = join(folder.path, 'cmdline');
    writeFileSync(cmdline, `boot=live rebond.image=${'ab'.repeat(32)}`);
    const facts = await readLiveFacts(files, { run: folder.path, cmdline });
    expect(facts).toMatchObject({ onLiveImage: false, image: null, agentSha256: null, medium: null });
  });
});

describe('the boot medium’s identity', () => {
  const drive = (serial: string, diskseq: string) => ({
    ...{ path: '/dev/sda', medium: 'usb-flash' as const, firmware: null, sizeBytes: 16e9 },
    ...{ logicalSectorBytes: 512, physicalSectorBytes: 512, rotational: false, removable: true, diskseq },
    identity: { transport: 'usb' as const, model: 'Ultra', serial, wwid: null },
    health: { outcome: 'absent' as const, sources: [] },
  });

  it('is read once and kept for an agent that starts again after the stick was pulled', async () => {
    using folder = scratch('boot');
    const doors = { files, run: folder.path, writeFile: writeSystemFile };
    const facts = factsWith(null);
    const first = await bootMedium(facts, { ...doors, readDrive: () => Promise.resolve(drive('A1', '3')) });
    expect(first).toMatchObject({ kind: 'disk', identity: { serial: 'A1' } });
    const again = await bootMedium(facts, { ...doors, readDrive: () => Promise.resolve(null) });
    expect(again).toEqual(first);
  });

  it('is not taken from another disk that bears its name by now', async () => {
    using folder = scratch('boot');
    const doors = { files, run: folder.path, writeFile: writeSystemFile };
    const readDrive = () => Promise.resolve(drive('B2', '12'));
    expect(await bootMedium(factsWith(null), { ...doors, readDrive })).toMatchObject({ identity: null });
    const unknown = { ...factsWith(null), medium: null, onLiveImage: true };
    expect(await bootMedium(unknown, { ...doors, readDrive })).toEqual({ kind: 'unknown' });
    expect(await bootMedium({ ...unknown, onLiveImage: false }, { ...doors, readDrive })).toEqual({
      kind: 'none',
    });
  });
});

describe('what is plugged in', () => {
  it('is asked of the kernel: a folder of this system is there, a disk of another number is not', async () => {
    using folder = scratch('plugged');
    expect(await plugged(null, folder.path, files)).toEqual({ disk: false, home: true });
    expect(await plugged(null, join(folder.path, 'gone'), files)).toMatchObject({ disk: false });
    const medium = {
      kind: 'stick',
      partition: null,
      disk: '/dev/sdzz',
      diskseq: '3',
      home: null,
      config: null,
      doubt: null,
    } as const;
    expect(await plugged(medium, null, files)).toEqual({ disk: false, home: false });
  });
});

describe('the link to the server', () => {
  const candidate = async (id: string) => ({ server: smallServer(await makeWorkshop(id)), pin: null });

  it('takes the first that answers, follows it, and says since when it is away', async () => {
    const [one, two] = [await candidate('atelier-a'), await candidate('atelier-a')];
    one.server.has.away = true;
    const link = linkTo(
      [one, two],
      () => 'atelier-a',
      () => 1000,
    );
    expect(link.state().kind).toBe('trying');
    expect(await link.look()).toBe(true);
    expect(link.state()).toMatchObject({ kind: 'joined', workshop: 'Atelier d’essai' });
    two.server.has.away = true;
    await link.server.get('/api/workshop');
    expect(link.state()).toEqual({ kind: 'unreached', sinceMs: 1000, detail: 'ECONNREFUSED' });
    expect(link.reached()).toBe(false);
  });

  it('does not join the server of another workshop', async () => {
    const link = linkTo(
      [await candidate('atelier-b')],
      () => 'atelier-a',
      () => 0,
    );
    expect(await link.look()).toBe(false);
    expect(link.state()).toMatchObject({
      kind: 'refused',
      reason: { fr: expect.stringContaining('atelier-a') },
    });
  });

  it('says that there is none', async () => {
    const link = linkTo(
      [],
      () => null,
      () => 0,
    );
    expect(await link.look()).toBe(false);
    expect(link.state()).toEqual({ kind: 'none' });
    expect(await link.server.get('/x')).toMatchObject({ kind: 'unreachable' });
  });
});

it('takes the enrolment code out of config.json and leaves the rest', async () => {
  using folder = scratch('enrol');
  const path = join(folder.path, 'config.json');
  const config = {
    schema: 'rebond.config/1',
    bench: 'Banc 3',
    wifi: [{ ssid: 'x', passphrase: 'abcdefgh' }],
  };
  writeFileSync(path, JSON.stringify({ ...config, enrolment: { code: 'BCDF-GHJK' } }));
  await forgetCode(await durableFolder(folder.path));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...config, enrolment: null });
});

describe('a stick that was pulled while the server had everything', () => {
  const opening = (sessionId: string) =>
    journalLine({
      ...{ event: 'opened', sessionId, mode: 'real', machine: { id: 'm-1', basis: 'dmi' } },
      ...{ inventory: makeInventory({}), at: { wall: '2026-11-22T17:30:00.000Z', timeSource: 'server' } },
    });

  async function left(path: string, held: number | null) {
    const journals = await durableFolder(path);
    const sessionId = crypto.randomUUID();
    writeFileSync(join(path, `${sessionId}.jsonl`), `${opening(sessionId)}\n`);
    if (held !== null) await noteHeld(journals, sessionId, held);
    return { journals, rests: await leftJournals(journals) };
  }

  const elsewhere = { machineId: 'm-2', inventory: makeInventory({ text: 'ailleurs' }) };
  const here = { machineId: 'm-1', inventory: makeInventory({}) };

  it('leaves the word to the server: its journal goes once the server has its record, and not before', async () => {
    using folder = scratch('held');
    const { journals, rests } = await left(folder.path, 1);
    const open = rests.map(({ sessionId }) => sessionId);
    expect(await dueFromStick({ journals, writable: journals }, rests, here, null)).toEqual({
      due: [],
      waiting: 1,
    });
    // It may still be running there.
    expect(await dueFromStick({ journals, writable: journals }, rests, elsewhere, open)).toEqual({
      due: [],
      waiting: 1,
    });
    expect(await dueFromStick({ journals, writable: journals }, rests, elsewhere, [])).toEqual({
      due: [],
      waiting: 0,
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is cut off where its machine starts anew and the server has no record of it', async () => {
    using folder = scratch('held');
    const { journals, rests } = await left(folder.path, 1);
    const open = rests.map(({ sessionId }) => sessionId);
    expect((await dueFromStick({ journals, writable: journals }, rests, here, open)).due).toEqual(rests);
  });

  it.each([null, 0])('gives account of what the server never got (%s)', async (held) => {
    using folder = scratch('held');
    const { journals, rests } = await left(folder.path, held);
    for (const open of [null, []]) {
      expect((await dueFromStick({ journals, writable: journals }, rests, elsewhere, open)).due).toEqual(
        rests,
      );
    }
  });

  it('which takes no write: an account only where the server surely has none, and nothing is taken away', async () => {
    using folder = scratch('held');
    const { journals, rests } = await left(folder.path, null);
    const shelf = { journals: readFolder(journals.path), writable: null };
    const open = rests.map(({ sessionId }) => sessionId);
    expect(await dueFromStick(shelf, rests, here, null)).toEqual({ due: [], waiting: 1 });
    expect(await dueFromStick(shelf, rests, here, open)).toEqual({ due: rests, waiting: 0 });
    expect(await dueFromStick(shelf, rests, here, [])).toEqual({ due: [], waiting: 0 });
    expect(readdirSync(folder.path)).toHaveLength(1);
  });

  it('is told so on the stick before the screen says it may leave', async () => {
    using folder = scratch('held');
    const keeper = await openKeeper(
      { home: join(folder.path, 'home'), config: null },
      join(folder.path, 'ram'),
    );
    const server = { state: 'silent' as 'silent' | 'acknowledges' };
    const kept = {
      note: () => Promise.resolve(),
      digest: () => '',
      close: () => Promise.resolve(),
      keeping: () => ({ stick: 'accepts' as const, server: server.state }),
    };
    const now = { plugged: true, ram: { state: 'loaded' as const }, serverReached: true, writing: false };
    const state = () => stickLine(keeper.stickFacts(now)).state;
    expect(state()).toBe('pull');
    const sessionId = crypto.randomUUID();
    const journal = keeper.journal.open(sessionId, kept);
    await keeper.journal.settle();
    expect(state()).toBe('keep');
    server.state = 'acknowledges';
    expect(state()).toBe('keep');
    await keeper.journal.settle();
    expect(state()).toBe('pull');
    const marker = join(folder.path, 'home', 'journal', `${sessionId}.held`);
    expect(readFileSync(marker, 'utf8')).toBe('1\n');
    await journal.note({ event: 'recorded', digest: '0'.repeat(64) });
    expect(state()).toBe('keep');
    await keeper.journal.settle();
    expect(state()).toBe('pull');
    expect(readFileSync(marker, 'utf8')).toBe('2\n');
  });
});
