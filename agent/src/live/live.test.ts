import { execFileSync } from 'node:child_process';
import { readdirSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Drive, type DriveIdentity, openAs, openBytes, RECORD_TYPE, sha256Hex } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { memoryFiles, noFirmware } from '../../../test-fixtures/firmware.ts';
import { makeInventory } from '../../../test-fixtures/inventory.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { type SmallServer, smallServer } from '../../../test-fixtures/small-server.ts';
import { type SmallTerminal, smallTerminal } from '../../../test-fixtures/small-terminal.ts';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import { makeWorkshop, pairedStick } from '../../../test-fixtures/workshop.ts';
import { liveScreen } from '../console/live-screen.ts';
import { liveTeller } from '../console/live-tell.ts';
import type { BootMedium } from '../decide/boot-medium.ts';
import { overwritePlan } from '../../../test-fixtures/overwrite-plan.ts';
import { systemClock } from '../effects/clock.ts';
import { openNamespace, sizeAgain, suspend, waitMs } from '../effects/drive-again.ts';
import { run } from '../effects/run.ts';
import type { Files } from '../effects/types.ts';
import { journalLine } from '../parse/journal.ts';
import type { RamState } from '../parse/live-state.ts';
import { openSpools } from '../report/spools.ts';
import { openKeeper } from './keeper.ts';
import { linkTo } from './link.ts';
import { liveStory, storySession } from './live.ts';
import { menuCommand, type MenuDoors } from './menu.ts';
import { stickHolder } from './stick.ts';
import { voiceOf } from './voice.ts';

/** A machine without a TPM, that was started the old way. */
const NOTHING: Files = memoryFiles({});
const NO_FIRMWARE = noFirmware();

/** No such nodes: nothing in these tests can be opened for writing. */
const NODES = ['/dev/rebond-none0', '/dev/rebond-none1'] as const;
const MACHINE = { id: 'm-1', basis: 'dmi' } as const;

function driveAt(path: string, serial: string, change: Partial<DriveIdentity> = {}): Drive {
  return {
    ...{ path, medium: 'ata-hdd', firmware: null, sizeBytes: 500e9, logicalSectorBytes: 512 },
    ...{ physicalSectorBytes: 512, rotational: true, removable: false, diskseq: '7' },
    identity: { transport: 'sata', model: 'TEST HDD', serial, wwid: null, ...change },
    health: { outcome: 'absent', sources: [] },
  };
}

const DRIVES = [driveAt(NODES[0], 'SN-0042'), driveAt(NODES[1], 'SN-0077')];

type Bench = {
  server?: SmallServer;
  home: string | null;
  /** A stick that is read only. */
  config?: string;
  ramHome: string;
  ram?: RamState;
  boot?: BootMedium;
  drives?: Drive[];
  /** 0: nobody is there after the wipes. */
  patienceMs?: number;
  files?: Files;
};

/** The live agent on a small terminal, and hands that type what they are asked for. */
async function begin({
  server,
  home,
  config,
  ramHome,
  ram,
  boot,
  drives = DRIVES,
  patienceMs = 0,
  files = NOTHING,
}: Bench) {
  const terminal = smallTerminal(100, 40);
  const logged: string[] = [];
  const clock = systemClock();
  const screen = liveScreen(terminal, (line) => logged.push(line), clock.monotonic);
  const voice = voiceOf(screen, 'fr');
  const keeper = await openKeeper({ home, config: config ?? home }, ramHome);
  const stick = stickHolder(keeper, voice, null);
  await stick.read();
  const link = linkTo(server ? [{ server, pin: null }] : [], () => null, clock.monotonic);
  await link.look();
  const ending = new AbortController();
  const went: string[] = [];
  const menu: MenuDoors = {
    ...{ voice, keeper, link, signed: () => null },
    go: (way) => Promise.resolve(went.push(way) > 0),
    openShell: () => Promise.resolve(),
    offered: () => null,
    update: () => Promise.resolve(),
  };
  const inventory = {
    ...makeInventory({}),
    drives: { outcome: 'read' as const, sources: [], value: drives },
  };
  const session = storySession({
    world: {
      ...{ run, clock, files, firmware: NO_FIRMWARE, patienceMs, onLiveImage: true, policy: 'best' },
      effects: { run, wait: waitMs, suspend, sizeAgain, openNamespace, spawn: null },
      means: () => Promise.resolve({ outcome: 'read', sources: [], value: { interface: 'plain' } }),
      probe: () => Promise.resolve({ inventory, machine: MACHINE }),
      readDrive: (path) => Promise.resolve(drives.find((drive) => drive.path === path) ?? null),
      topology: () =>
        Promise.resolve(
          topologyOf(drives.map(({ path, diskseq }) => diskNode(path.replace('/dev/', ''), { diskseq }))),
        ),
      boot: () => Promise.resolve(boot ?? { kind: 'none' }),
      made: { agent: { version: '0.1.0', sha256: null }, image: null },
      ram: () => Promise.resolve(ram ?? { state: 'loaded' }),
    },
    ...{ keeper, link, voice, stick: stick.file, signedIn: () => {} },
    tell: liveTeller({
      ...{ lang: 'fr', width: screen.width, say: screen.say, now: screen.now, rows: screen.rows },
      log: (line) => logged.push(line),
    }),
    command: (typed) => menuCommand(typed, menu),
  });
  const story = liveStory({
    voice,
    bench: 'Banc 3',
    keeper,
    session,
    menu,
    again: () => false,
    ending: ending.signal,
  });
  return {
    ...{ terminal, logged, keeper, went, story },
    /** Waits for a question and answers it. */
    answer: async (question: string, text: string) => {
      await until(
        () => asked(terminal).includes(question),
        () => terminal.lines().join('\n'),
      );
      terminal.type(`${text}\r`);
    },
    said: () => logged.join('\n'),
    end: () => ending.abort(),
  };
}

/** The rows below the lower rule: what runs, and what is asked for. */
function asked(terminal: SmallTerminal): string {
  const lines = terminal.lines();
  return lines.slice(lines.findLastIndex((line) => line.startsWith('───')) + 3).join(' ');
}

async function until(holds: () => boolean, seen: () => string): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error(`it never came to that:\n${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Every file below a folder, with its bytes. */
function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const found = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return Object.fromEntries(found.map((path) => [path, readFileSync(path, 'hex')]));
}

const isRoot = process.getuid?.() === 0;

/** A loop device over a file of our own, filled with a marker. */
function loopDrive(folder: string, serial: string) {
  const file = join(folder, `${serial}.img`);
  writeFileSync(file, Buffer.alloc(4 * 1024 * 1024, 0x5a));
  const path = execFileSync('losetup', ['--find', '--show', '--direct-io=on', file]).toString().trim();
  const drive = { ...driveAt(path, serial), sizeBytes: 4 * 1024 * 1024 };
  return { drive, file, [Symbol.dispose]: () => void execFileSync('losetup', ['--detach', path]) };
}

const recordOf = (bytes: Uint8Array) => openAs(RECORD_TYPE, openBytes(bytes).envelope).payload;

describe('a session on the live image', () => {
  it('asks for each drive, touches those confirmed, says what became of them, and sends the record', async () => {
    using folder = scratch('live');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    const live = await begin({ server, home: null, ramHome: join(folder.path, 'ram') });
    await live.answer('Tapez le code affiché par la page', 'WRONG');
    await live.answer('Tapez le code affiché par la page', 'BCDF-GHJK');
    await live.answer('derniers caractères', '0077');
    await live.answer('derniers caractères', '0042');
    await live.answer('derniers caractères', '');
    await live.answer('E : éteindre', 'E');
    await until(() => live.went.length > 0, live.said);
    expect(live.went).toEqual(['poweroff']);
    const told = [
      'Le serveur refuse ce code : Ce code ne convient pas.',
      'Ouverte par le serveur de « Atelier d’essai ».',
      '2 disques peuvent être effacés.',
      'Ce n’est pas la fin de son numéro de série',
      'Confirmé.',
      'Ce disque ne sera pas touché.',
      'SERA EFFACÉ  /dev/rebond-none0',
      'INCONNU : à traiter comme non effacé.',
      'Le système refuse d’ouvrir le disque en écriture (ENOENT). Rien n’a été écrit.',
      'INCONNU     /dev/rebond-none0',
      'PAS TOUCHÉ  /dev/rebond-none1',
      'Fiche : reçue par l’atelier',
      'La machine s’éteint.',
    ];
    let place = 0;
    for (const line of told) {
      expect(live.said().slice(place)).toContain(line);
      place = live.said().indexOf(line, place);
    }
    const [bytes] = server.has.records;
    const record = recordOf(bytes!);
    expect(record.sanitizations.map(({ outcome }) => outcome)).toEqual(['unknown']);
    expect(record.refusals.map(({ path, reasons }) => [path, reasons[0]?.code])).toEqual([
      [NODES[1], 'not-confirmed'],
    ]);
    // Its journal was on the server before anything was begun.
    expect([...server.has.lines.values()][0]?.join('\n')).toContain('"event":"planned"');
    live.end();
  });

  it('asks for what is left over once the drives are done, and the record says what was answered', async () => {
    using folder = scratch('live');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    const files = memoryFiles({
      '/sys/class/tpm/tpm0/tpm_version_major': '2\n',
      '/sys/class/tpm/tpm0/ppi/response': '5 0xFFFFFFF0: User Abort\n',
      '/sys/block/sr0': null,
    });
    const live = await begin({
      server,
      home: null,
      ramHome: join(folder.path, 'ram'),
      patienceMs: 60_000,
      files,
    });
    await live.answer('Tapez le code', 'BCDF-GHJK');
    await live.answer('derniers caractères', '0042');
    await live.answer('derniers caractères', '');
    await live.answer('Carte SD', 'n');
    await live.answer('Carte SIM', 'R');
    await live.answer('lecteur optique', '');
    await live.answer('Étiquettes', 'x');
    await until(() => live.said().includes('RÉSULTAT'), live.said);
    const record = recordOf(server.has.records[0]!);
    expect(record.checklist?.answers).toEqual([
      { item: 'sd-card', answer: 'nothing', seen: [] },
      { item: 'sim', answer: 'removed', seen: [] },
      { item: 'optical', answer: 'not-looked', seen: ['sr0'] },
      { item: 'stickers', answer: 'not-looked', seen: [] },
    ]);
    expect(live.said()).toContain('La machine voit : sr0');
    expect(live.said()).toContain('l’effacement demandé avant ce démarrage n’a PAS été fait');
    expect(record.leftovers?.tpm).toMatchObject({
      value: { last: { meaning: 'refused' }, clear: { reason: { code: 'no-drive-sanitized' } } },
    });
    live.end();
  });

  it('goes on with the paired stick alone, keeps the record there, and asks for a word before switching off', async () => {
    using folder = scratch('live');
    const home = join(folder.path, 'home');
    await pairedStick(home, await makeWorkshop(), 'http://127.0.0.1:9');
    const live = await begin({ home, ramHome: join(folder.path, 'ram'), drives: [] });
    await live.answer('la clé répond de cette session', '');
    await live.answer('E : éteindre', 'e');
    await live.answer('tapez ÉTEINDRE', 'non');
    await live.answer('E : éteindre', 'E');
    expect(live.went).toEqual([]);
    await live.answer('tapez ÉTEINDRE', 'eteindre');
    await until(() => live.went.length > 0, live.said);
    expect(live.said()).toContain('gardée sur la clé, PAS ENCORE REÇUE');
    expect(readdirSync(join(home, 'spool')).filter((name) => name.endsWith('.json'))).toHaveLength(1);
    expect(readdirSync(join(home, 'journal'))).toEqual([]);
    live.end();
  });

  it('without a server and without a stick looks at no drive, says what is safe, and can be left', async () => {
    using folder = scratch('live');
    const live = await begin({ home: null, ramHome: join(folder.path, 'ram') });
    await live.answer('Ni serveur ni clé appairée', '');
    await until(() => live.said().includes('Rien n’a été touché, et aucun disque ne le sera'), live.said);
    await live.answer('Ni serveur ni clé appairée', 'E');
    await until(() => live.went.length > 0, live.said);
    expect(live.said()).not.toContain('peuvent être effacés');
    live.end();
  });

  it('keeps on with a code while the server is away', async () => {
    using folder = scratch('live');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    server.has.away = true;
    const live = await begin({ server, home: null, ramHome: join(folder.path, 'ram'), drives: [] });
    await live.answer('n’est pas encore joint', 'BCDF-GHJK');
    await until(() => asked(live.terminal).includes('J’essaie encore avec ce code'), live.said);
    server.has.away = false;
    await until(() => live.said().includes('Fiche : reçue'), live.said);
    expect(server.has.records).toHaveLength(1);
    live.end();
  });

  it('says of a session that was cut off what it was doing, and counts nothing of it', async () => {
    using folder = scratch('live');
    const home = join(folder.path, 'home');
    await pairedStick(home, await makeWorkshop(), 'http://127.0.0.1:9');
    const cut = crypto.randomUUID();
    const { path, identity, sizeBytes, diskseq } = DRIVES[0]!;
    const target = {
      path,
      identity,
      medium: 'ata-hdd',
      sizeBytes: sizeBytes!,
      logicalSectorBytes: 512,
      diskseq,
    } as const;
    const at = { wall: '2026-11-22T17:30:00.000Z', timeSource: 'server' } as const;
    const inventory = makeInventory({ targets: [target] });
    const capabilities = { outcome: 'absent' as const, sources: [] };
    const lines = [
      journalLine({ event: 'opened', sessionId: cut, mode: 'real', machine: MACHINE, inventory, at }),
      journalLine({
        event: 'planned',
        plan: overwritePlan({
          ...{ planId: crypto.randomUUID(), sessionId: cut, mode: 'real', target, capabilities },
        }),
        capabilities,
        keyHex: '0'.repeat(64),
        at,
      }),
    ];
    mkdirSync(join(home, 'journal'));
    writeFileSync(join(home, 'journal', `${cut}.jsonl`), lines.map((line) => `${line}\n`).join(''));
    const live = await begin({ home, ramHome: join(folder.path, 'ram'), drives: [] });
    await live.answer('la clé répond de cette session', '');
    await until(() => live.said().includes('RÉSULTAT'), live.said);
    expect(live.said()).toContain(
      'La session précédente du 2026-11-22 à 17:30 (UTC) a été coupée pendant l’effacement de /dev/rebond-none0',
    );
    expect(live.said()).toContain('rien n’en est compté comme effacé');
    const records = readdirSync(join(home, 'spool'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => recordOf(readFileSync(join(home, 'spool', name))));
    const account = records.find(({ accountOf }) => accountOf === cut);
    expect(account?.sanitizations.map(({ outcome }) => outcome)).toEqual(['unknown']);
    live.end();
  });

  it('touches nothing while nothing keeps the journal, and the record says why', async () => {
    using folder = scratch('live');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    server.has.keepsJournals = false;
    const live = await begin({ server, home: null, ramHome: join(folder.path, 'ram') });
    await live.answer('Tapez le code', 'BCDF-GHJK');
    await until(() => live.said().includes('RÉSULTAT'), live.said);
    expect(live.said()).not.toContain('derniers caractères');
    const record = recordOf(server.has.records[0]!);
    expect(record.sanitizations).toEqual([]);
    expect(record.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['not-kept', 'not-kept']);
    expect(record.remarks.map(({ code }) => code)).toEqual(['not-kept']);
    live.end();
  });

  it('reads a stick that takes no write: it vouches, what waits there is sent and stays, and no drive is touched without a server', async () => {
    using folder = scratch('live');
    const config = join(folder.path, 'stick');
    const made = await makeWorkshop();
    await pairedStick(config, made, 'http://127.0.0.1:9');
    const { envelope } = await sampleRecord(made);
    const { digest } = await (await openSpools({ stick: config, ram: null })).keep(envelope);
    const before = snapshot(config);
    const alone = await begin({ home: null, config, ramHome: join(folder.path, 'ram-1') });
    await alone.answer('la clé répond de cette session', '');
    await until(() => alone.said().includes('RÉSULTAT'), alone.said);
    expect(alone.said()).not.toContain('derniers caractères');
    expect(alone.said()).toContain('Ni clé USB ni serveur ne peut garder le journal');
    expect(alone.keeper.powerFacts()).toEqual({ wiping: false, unsentInMemory: 1, unsentOnStick: 1 });
    alone.end();

    const server = smallServer(made);
    server.has.codes.add('BCDF-GHJK');
    const live = await begin({ server, home: null, config, ramHome: join(folder.path, 'ram-2') });
    await live.answer('Tapez le code', 'BCDF-GHJK');
    await live.answer('derniers caractères', '');
    await live.answer('derniers caractères', '');
    await until(() => live.said().includes('Fiche : reçue'), live.said);
    const received = await Promise.all(server.has.records.map(sha256Hex));
    expect(received).toContain(digest);
    expect(live.keeper.powerFacts()).toEqual({ wiping: false, unsentInMemory: 0, unsentOnStick: 0 });
    expect(snapshot(config)).toEqual(before);
    live.end();
  });

  it.each<[string, Partial<Bench>, string]>([
    ['the image is damaged', { ram: { state: 'medium', reason: 'damaged' } }, 'image-damaged'],
    ['the boot medium is not known', { boot: { kind: 'unknown' } }, 'boot-medium'],
    [
      'a drive may be the boot medium, plugged in again',
      { boot: { kind: 'disk', path: '/dev/sda', diskseq: '3', identity: null } },
      'boot-medium',
    ],
  ])('asks for no drive where %s', async (_, change, code) => {
    using folder = scratch('live');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    const live = await begin({ server, home: null, ramHome: join(folder.path, 'ram'), ...change });
    await live.answer('Tapez le code', 'BCDF-GHJK');
    await until(() => live.said().includes('RÉSULTAT'), live.said);
    expect(live.said()).not.toContain('derniers caractères');
    const { refusals, sanitizations } = recordOf(server.has.records[0]!);
    expect(sanitizations).toEqual([]);
    expect(refusals.every(({ reasons }) => reasons.some((each) => each.code === code))).toBe(true);
    live.end();
  });

  it('refuses to be switched off while a record is in memory only', async () => {
    using folder = scratch('live');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    const live = await begin({ server, home: null, ramHome: join(folder.path, 'ram') });
    await live.answer('Tapez le code', 'BCDF-GHJK');
    server.has.takesRecords = false;
    await live.answer('derniers caractères', '');
    await live.answer('derniers caractères', '');
    await live.answer('E : éteindre', 'E');
    await until(() => live.said().includes('n’existe que dans la mémoire'), live.said);
    expect(live.said()).toContain('EN MÉMOIRE SEULEMENT');
    expect(live.went).toEqual([]);
    live.end();
  });

  it.skipIf(!isRoot)('wipes two drives at the same time, with one record of both', async () => {
    using folder = scratch('live');
    using one = loopDrive(folder.path, 'SN-0042');
    using two = loopDrive(folder.path, 'SN-0077');
    const server = smallServer(await makeWorkshop());
    server.has.codes.add('BCDF-GHJK');
    const drives = [one.drive, two.drive];
    const live = await begin({ server, home: null, ramHome: join(folder.path, 'ram'), drives });
    await live.answer('Tapez le code', 'BCDF-GHJK');
    await live.answer('derniers caractères', '0042');
    await live.answer('derniers caractères', '0077');
    await live.answer('E : éteindre', '');
    const { sanitizations, refusals } = recordOf(server.has.records[0]!);
    expect(sanitizations.map(({ outcome, levelAchieved }) => [outcome, levelAchieved])).toEqual([
      ['done', 'clear'],
      ['done', 'clear'],
    ]);
    expect(refusals).toEqual([]);
    for (const { file } of [one, two])
      expect(readFileSync(file).includes(Buffer.alloc(16, 0x5a))).toBe(false);
    const said = live.said();
    // Both begin before either is judged.
    const judged = Math.min(...[one, two].map(({ drive }) => said.indexOf(`${drive.path} : ■ FAIT`)));
    expect(judged).toBeGreaterThan(0);
    for (const [place, { drive }] of [one, two].entries()) {
      const begun = said.indexOf(`(${place + 1}/2) : ${drive.path} — réécriture`);
      expect(begun).toBeGreaterThan(0);
      expect(begun).toBeLessThan(judged);
      expect(said).toMatch(new RegExp(`${drive.path.replace('/dev/', '')} +2/2 relecture +█+ 100 %`));
    }
    expect(live.keeper.powerFacts().wiping).toBe(false);
    live.end();
  });
});
