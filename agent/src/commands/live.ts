import type { Drive, DriveCapabilities, Inventory, MachineRef, Part, Phrase } from '@rebond/protocol';
import { visible } from '@rebond/protocol';
import { type LiveScreen, liveScreen } from '../console/live-screen.ts';
import { liveTeller } from '../console/live-tell.ts';
import type { Topology } from '../decide/eligibility.ts';
import type { Settings } from '../decide/settings.ts';
import { networkAddresses } from '../effects/addresses.ts';
import { durableFolder } from '../effects/durable.ts';
import { firmwareRequests } from '../effects/firmware-requests.ts';
import { type Inhibitor, systemdInhibitor } from '../effects/inhibit.ts';
import { holdFolder } from '../effects/lock.ts';
import { ServerAddressError, serverAt } from '../effects/network.ts';
import { serialLog } from '../effects/serial-log.ts';
import { slotDoors } from '../effects/slot-files.ts';
import { removeSystemFile, writeSystemFile } from '../effects/system-files.ts';
import { openTty, type Tty } from '../effects/tty.ts';
import type { ClockDoor, Files, Run } from '../effects/types.ts';
import { awaitMedium, bootMedium, type LiveFacts, readLiveFacts } from '../live/facts.ts';
import { headerDrawer } from '../live/header.ts';
import { type Keeper, openKeeper } from '../live/keeper.ts';
import { type Candidate, type Link, linkTo } from '../live/link.ts';
import { liveStory, startBackground, storySession } from '../live/live.ts';
import { menuCommand, type MenuDoors } from '../live/menu.ts';
import { AFTERWARDS, AGAIN, NOT_FOUND, SEARCHING } from '../live/medium-words.ts';
import { lastExit, readSettings, setUp } from '../live/start.ts';
import { PATIENCE_MS } from '../live/patience.ts';
import { type StickHolder, stickHolder } from '../live/stick.ts';
import { bootSlot, tellStart, type Updater, updater } from '../live/update.ts';
import { type Voice, voiceOf } from '../live/voice.ts';
import { watch } from '../live/watch.ts';
import { hasSerialConsole, parseUptime } from '../parse/cmdline.ts';
import { memoryUse } from '../parse/meminfo.ts';
import { parseRamState, type RamState } from '../parse/live-state.ts';
import type { StepEffects } from '../sanitize/steps/index.ts';
import type { Credentials, Scope } from '../report/credentials.ts';
import { CannotBegin } from './cannot-begin.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './usage-error.ts';

export type LiveOptions = { run: string; cmdline: string; consoles: string };

export type LiveDoors = {
  run: Run;
  files: Files;
  clock: ClockDoor;
  version: string;
  probe: () => Promise<{ inventory: Inventory; machine: MachineRef }>;
  readDrive: (path: string) => Promise<Drive | null>;
  effects: StepEffects;
  /** What a drive says of its own means. */
  means: (drive: Drive) => Promise<Part<DriveCapabilities>>;
  topology: () => Promise<Topology>;
  ending: AbortSignal;
};

/** `rebond live`: the agent as it runs on the live image's console, until the machine is switched off. */
export async function liveCommand(options: LiveOptions, doors: LiveDoors): Promise<ExitCode> {
  const { files, version } = doors;
  const log = await openLog(options, doors);
  await durableFolder(options.run);
  if (!(await holdFolder(options.run))) throw new CannotBegin('already-running');
  const tty = openTty();
  if (!tty) throw new UsageError(NO_TERMINAL);
  const screen = liveScreen(tty, log, doors.clock.monotonic);
  screen.header([` REBOND ${version}`, '', '', '', '']);
  try {
    const facts = await factsInTime(options, files, screen);
    const { settings, problem } = await readSettings(facts, files);
    const voice = voiceOf(screen, settings.lang);
    screen.draw(true);
    for (const phrase of await lastExit(options.run, files, removeSystemFile)) voice.tell(phrase, 'alarm');
    if (problem) voice.tell(problem, 'alarm');
    void prepare(facts, settings, voice, doors.run);
    await story(options, doors, { log, tty, screen, voice, facts, settings });
  } finally {
    screen.release();
    tty.close();
  }
  return EXIT.ok;
}

const MEDIUM_WAIT_MS = 30_000;
/** The screen is cleared at a new start: so long it shows why. */
const READ_MS = 3000;

/** What this system is, once it is known; nobody has told the language yet. */
async function factsInTime(options: LiveOptions, files: Files, screen: LiveScreen): Promise<LiveFacts> {
  const read = (): Promise<LiveFacts> => readLiveFacts(files, options);
  const facts = await read();
  if (!facts.onLiveImage || facts.medium !== null) return facts;
  const sayBoth = ({ fr, en }: Phrase): void => [fr, en].forEach((line) => screen.say(`  ${line}`, 'alarm'));
  sayBoth(SEARCHING);
  screen.draw(true);
  const known = await awaitMedium(facts, read, MEDIUM_WAIT_MS);
  if (known.medium === null) sayBoth(NOT_FOUND);
  return known;
}

/** Keyboard and network, beside the rest. Somebody's own computer keeps its own. */
async function prepare(facts: LiveFacts, settings: Settings, voice: Voice, run: Run): Promise<void> {
  if (!facts.onLiveImage) return voice.tell(NOT_LIVE, 'alarm');
  for (const problem of await setUp(settings, run, writeSystemFile)) voice.tell(problem, 'alarm');
}

type Opened = {
  log: (line: string) => void;
  tty: Tty;
  screen: LiveScreen;
  voice: Voice;
  facts: LiveFacts;
  settings: Settings;
};

async function story(options: LiveOptions, doors: LiveDoors, opened: Opened): Promise<void> {
  const { files, clock, readDrive, ending } = doors;
  const { facts, settings, screen, voice } = opened;
  const { home = null, config = null } = facts.medium ?? {};
  const keeper = await openKeeper({ home, config }, `${options.run}/ram`);
  const again = Promise.withResolvers<void>();
  let late = false;
  const stick = stickHolder(keeper, voice, settings.enrolmentCode);
  await stick.read();
  const link = linkTo(
    candidatesOf(settings, stick, voice),
    () => settings.workshop ?? stick.file()?.workshop.id ?? null,
    clock.monotonic,
  );
  const inhibitor = systemdInhibitor();
  const ram = (): Promise<RamState | null> => readRam(options.run, files);
  const boot = bootMedium(facts, { files, run: options.run, readDrive, writeFile: writeSystemFile });
  let signed: { credentials: Credentials; scope: Scope } | null = null;
  const update = updater(bootSlot(facts), {
    ...{ server: link.server, files, slots: slotDoors, voice, signal: ending },
    trust: () => trustOf(signed?.credentials ?? stick.file()),
  });
  const menu = menuDoors(doors, opened, { keeper, link, inhibitor, update, signed: () => signed });
  const writing = (): boolean => stick.writing() || update.writing();
  const tick = watch(
    {
      ...{ keeper, link, files, voice, inhibitor, run: options.run, ram, writing, homeCame: stick.read },
      settingsCame: () => {
        late = true;
        voice.tell(signed === null ? AGAIN : AFTERWARDS, 'strong');
        // Who signs in meanwhile has the session.
        setTimeout(() => (signed === null ? again.resolve() : undefined), READ_MS);
      },
      addresses: networkAddresses,
      monotonic: clock.monotonic,
      draw: headerDrawer(screen, opened.log, settings.lang),
      about: {
        version: doors.version,
        bench: settings.bench,
        startedMs: clock.monotonic(),
        workshop: () => workshopName(link, stick),
      },
    },
    facts.medium,
  );
  const joined = async (): Promise<void> => {
    await stick.pair(link);
    await update.look();
  };
  const failed = (error: unknown): void => opened.log(`! ${String(error)}`);
  await tick().catch(failed);
  startBackground({ keeper, link, voice, tick, joined, failed }, ending);
  void tellStart(bootSlot(facts), { files, slots: slotDoors, voice });
  const made = { agent: { version: doors.version, sha256: facts.agentSha256 }, image: facts.image };
  const world = {
    ...doors,
    boot: () => boot,
    onLiveImage: facts.onLiveImage,
    made,
    ram,
    policy: settings.policy,
    firmware: firmwareRequests,
    patienceMs: PATIENCE_MS,
  };
  const tell = liveTeller({
    ...{ lang: settings.lang, width: screen.width, say: screen.say, now: screen.now, rows: screen.rows },
    log: opened.log,
  });
  const session = storySession({
    ...{ world, keeper, link, voice, tell, stick: stick.file },
    command: (typed) => menuCommand(typed, menu),
    signedIn: (credentials, scope) => void (signed = { credentials, scope }),
  });
  const next = (): boolean => late && !keeper.remarked();
  const told = liveStory({ voice, bench: settings.bench, keeper, session, menu, again: next, ending });
  await Promise.race([told, again.promise, endedIdle(ending, keeper)]);
  inhibitor.hold(false);
}

/** Asked to end while nothing is being wiped: at once. A wipe stops first, and its record is kept. */
async function endedIdle(ending: AbortSignal, keeper: Keeper): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  ending.addEventListener('abort', () => {
    if (!keeper.powerFacts().wiping) resolve();
  });
  await promise;
}

function menuDoors(
  doors: LiveDoors,
  { tty, screen, log, voice, facts }: Opened,
  own: { keeper: Keeper; link: Link; inhibitor: Inhibitor; update: Updater; signed: MenuDoors['signed'] },
): MenuDoors {
  const { keeper, link, inhibitor, update, signed } = own;
  return {
    ...{ voice, keeper, link, signed },
    go: async (way) => {
      // Somebody's own computer is not switched off from here.
      if (!facts.onLiveImage) return false;
      inhibitor.hold(false);
      const done = await doors.run(['systemctl', '--check-inhibitors=no', way], { timeoutMs: 30_000 });
      return done.kind === 'exited' && done.exitCode === 0;
    },
    openShell: async () => {
      screen.release();
      tty.write(SHELL_HEAD[voice.lang].replaceAll('\n', '\r\n'));
      log(`[shell] ${voice.lang === 'fr' ? 'ouverte' : 'opened'}`);
      const status = await tty.lend(['/bin/bash', '-l']);
      log(`[shell] ${status ?? '?'}`);
      screen.draw(true);
    },
    offered: update.offered,
    update: update.take,
  };
}

/** The servers of the configuration, then the one that this stick was paired with. */
function candidatesOf(settings: Settings, stick: StickHolder, voice: Voice): Candidate[] {
  const paired = stick.file();
  const named = settings.servers.some(({ url }) => URL.parse(url)?.origin === paired?.server);
  const all =
    paired && !named ? [...settings.servers, { url: paired.server, pin: paired.pin }] : settings.servers;
  return all.flatMap(({ url, pin }) => {
    try {
      return [{ server: serverAt(url, pin), pin }];
    } catch (error) {
      if (!(error instanceof ServerAddressError)) throw error;
      voice.tell(badAddress(url), 'alarm');
      return [];
    }
  });
}

/** Where /proc/consoles names a serial line, everything said is told there too; its first line says who speaks. */
async function openLog(options: LiveOptions, { files, version }: LiveDoors): Promise<(line: string) => void> {
  const consoles = await files.text(options.consoles, 65_536);
  const uptime = await files.text('/proc/uptime');
  if (consoles.kind !== 'read' || !hasSerialConsole(consoles.value)) return () => {};
  const log = serialLog('/dev/ttyS0');
  const seconds = uptime.kind === 'read' ? parseUptime(uptime.value) : null;
  const memory = await files.text('/proc/meminfo');
  const used = memory.kind === 'read' ? memoryUse(memory.value) : '?';
  log(`rebond live ${version} up ${seconds ?? '?'} memory ${used} MiB`);
  return log;
}

async function readRam(run: string, files: Files): Promise<RamState | null> {
  const read = await files.text(`${run}/ram.json`, 4096);
  return read.kind === 'read' ? parseRamState(read.value) : null;
}

function trustOf(own: Pick<Credentials, 'anchor' | 'workshop'> | null) {
  return own && { anchor: own.anchor, workshopId: own.workshop.id };
}

function workshopName(link: Link, stick: StickHolder): string | null {
  const state = link.state();
  return (state.kind === 'joined' ? state.workshop : null) ?? stick.file()?.workshop.name ?? null;
}

const NOT_LIVE: Phrase = {
  fr: 'Ce système n’est pas l’image Rebond : ni clavier ni réseau ne sont réglés, aucun disque ne sera touché.',
  en: 'This system is not the Rebond image: neither keyboard nor network is set up, no drive will be touched.',
};
const NO_TERMINAL: Phrase = {
  fr: 'rebond live a besoin d’un terminal, en entrée et en sortie.',
  en: 'rebond live needs a terminal, as its input and its output.',
};
const SHELL_HEAD: Phrase = {
  fr: 'Console de Rebond, ouverte par un responsable. « exit » revient à la session.\n\n',
  en: 'Rebond shell, opened by a lead. “exit” goes back to the session.\n\n',
};

function badAddress(url: string): Phrase {
  const shown = visible(url, 100);
  return {
    fr: `L’adresse ${shown} de config.json ne convient pas : https:// avec « pin » (http:// pour cette machine seule).`,
    en: `The address ${shown} of config.json will not do: https:// with “pin” (http:// for this machine only).`,
  };
}
