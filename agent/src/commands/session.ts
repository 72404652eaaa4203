import {
  type Drive,
  type DriveCapabilities,
  type Evidence,
  type generateSessionKey,
  type Inventory,
  lastAttempts,
  type MachineRef,
  type Mode,
  type Part,
  type Phrase,
  type PlanV2,
  type Reason,
} from '@rebond/protocol';
import type { BootMedium } from '../decide/boot-medium.ts';
import type { Topology } from '../decide/eligibility.ts';
import { teller } from '../console/tell.ts';
import { serverClock } from '../effects/clock.ts';
import { durableFolder } from '../effects/durable.ts';
import { holdFolder } from '../effects/lock.ts';
import { type Server, serverAt } from '../effects/network.ts';
import type { FirmwareRequests } from '../effects/firmware-requests.ts';
import type { ClockDoor, Files, Run } from '../effects/types.ts';
import { leftoverDoor } from '../leftover/leftover.ts';
import type { Resumable } from '../parse/journal.ts';
import {
  type Credentials,
  readStick,
  type Scope,
  signInAtServer,
  type StickFile,
  vouchByStick,
} from '../report/credentials.ts';
import { dropJournal, leftJournals, openJournal } from '../report/journal.ts';
import { listSpool, openSpool, type Spool, spoolRecord } from '../report/spool.ts';
import { sendSpool } from '../report/submit.ts';
import type { StepEffects } from '../sanitize/steps/index.ts';
import type { WorkProgress } from '../sanitize/steps/step.ts';
import { runSession, type SessionDoors, type SessionEvent, type SessionResult } from '../session.ts';
import { CannotBegin } from './cannot-begin.ts';
import { askTerminalLabel, question, terminalAsking } from './drive-question.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { chooseRehearsal } from './rehearsal.ts';
import { policyOf } from './rungs.ts';
import { chooseReal } from './targets.ts';
import type { Terminal } from './terminal.ts';

export type SessionOptions = {
  home: string;
  bench: string;
  server?: string;
  pin?: string;
  code?: string;
  json?: boolean;
  /** Paths of drives; without any the session is a rehearsal on media of our own. */
  drive?: string[];
  /** With a drive: a rehearsal against it, which must be one of the network. */
  rehearsal?: boolean;
  iAmNotARehearsal?: boolean;
  /** What is to be done to the drive: the id of a policy. */
  policy: string;
  /** How many media to rehearse on at the same time, and the mebibytes of each. */
  media: number;
  size: number;
  loop: 'auto' | 'no';
};

export type SessionWorld = {
  run: Run;
  clock: ClockDoor;
  terminal: Terminal;
  signal: AbortSignal;
  made: SessionDoors['made'];
  onLiveImage: boolean;
  boot: BootMedium;
  probe: () => Promise<{ inventory: Inventory; machine: MachineRef }>;
  readDrive: (path: string) => Promise<Drive | null>;
  topology: () => Promise<Topology>;
  files: Files;
  /** What may be asked of the firmware. */
  firmware: FirmwareRequests;
  effects: StepEffects;
  /** What a drive says of its own means. */
  means: (drive: Drive) => Promise<Part<DriveCapabilities>>;
};

/** `rebond session` and `rebond wipe`. */
export async function sessionCommand(options: SessionOptions, world: SessionWorld): Promise<ExitCode> {
  const home = await durableFolder(options.home);
  const letGo = await holdFolder(home.path);
  if (!letGo) throw new CannotBegin('already-running');
  const stick = await readStick(home);
  const address = options.server ?? stick?.server;
  const server = address ? serverAt(address, options.pin ?? stick?.pin ?? null) : null;
  try {
    const spool = await openSpool(options.home);
    const doors = await sessionDoors(options, world, { stick, server, spool });
    const mode = modeOf(options);
    const result = await runSession({ mode, bench: options.bench }, doors);
    if (options.json) world.terminal.result(JSON.stringify(resultJson(result)));
    return exitCodeOf(result, options.drive);
  } finally {
    await server?.close();
    await letGo();
  }
}

async function sessionDoors(
  options: SessionOptions,
  world: SessionWorld,
  kept: { stick: StickFile | null; server: Server | null; spool: Spool },
): Promise<SessionDoors> {
  const journals = await durableFolder(`${options.home}/journal`);
  const rehearsal = modeOf(options) === 'rehearsal';
  const tell = teller(world.terminal, { rehearsal, json: options.json === true });
  return {
    clock: world.clock,
    probe: world.probe,
    signIn: (key, scope) => signIn(key, scope, options.code, world, kept),
    clockFrom: clockFrom(world.clock),
    leftJournals: () => leftJournals(journals),
    recordOf: (sessionId) => spooledRecordOf(kept.spool, sessionId),
    dropJournal: (sessionId) => dropJournal(journals, sessionId),
    openJournal: (opening) => openJournal(journals, opening),
    choose: (inventory, sessionId, clock, against, resumables) =>
      choose(options, world, tell, { inventory, sessionId, clock, against, resumables }),
    leftover: leftoverDoor({ ...world, mode: modeOf(options), asking: terminalAsking(world.terminal) }),
    remarks: () => [],
    spool: (envelope) => spoolRecord(kept.spool, envelope),
    send: async () => (kept.server ? await sendSpool(kept.spool, kept.server) : await allKept(kept.spool)),
    tell,
    made: world.made,
    bootDrive: () => Promise.resolve(null),
  };
}

function choose(
  options: SessionOptions,
  world: SessionWorld,
  tell: (event: SessionEvent) => void,
  session: {
    inventory: Inventory;
    sessionId: string;
    clock: ClockDoor;
    against: Reason[];
    resumables: readonly Resumable[];
  },
) {
  const { inventory, sessionId, clock, against, resumables } = session;
  const shared = {
    run: world.run,
    topology: world.topology,
    progress: (work: WorkProgress) => tell({ kind: 'progress', work }),
    signal: world.signal,
    tool: { name: 'rebond', version: world.made.agent.version },
    effects: world.effects,
  };
  if (options.drive === undefined) {
    const order = {
      folder: `${options.home}/rehearsal`,
      media: options.media,
      sizeBytes: options.size * 1024 * 1024,
      loop: options.loop,
    };
    return chooseRehearsal(order, inventory, sessionId, clock, shared);
  }
  const order = {
    mode: modeOf(options),
    wanted: options.drive,
    onLiveImage: world.onLiveImage,
    boot: world.boot,
    notARehearsal: options.iAmNotARehearsal === true,
    against,
    survey: () => {},
    since: () => Promise.resolve([]),
    policy: policyOf(options.policy),
    resumables,
    means: world.means,
    label: (drive: Drive, all: readonly Drive[]) => askTerminalLabel(drive, all, world.terminal),
    confirm: (drive: Drive, notices: readonly Reason[], plan: PlanV2) =>
      world.terminal.ask(question(drive, modeOf(options), notices, plan, world.terminal)),
    confirmLower: (drive: Drive, plan: PlanV2) =>
      world.terminal.ask(question(drive, modeOf(options), [LOWER], plan, world.terminal)),
    readDrive: world.readDrive,
  };
  return chooseReal(order, inventory, sessionId, clock, shared);
}

function modeOf({ drive, rehearsal }: SessionOptions): Mode {
  return drive === undefined || rehearsal === true ? 'rehearsal' : 'real';
}

const LOWER: Reason = {
  code: 'lower-level',
  fr: 'Ce qui était confirmé n’a pas abouti. Ce qui reste possible vaut moins.',
  en: 'What was confirmed did not succeed. What is still possible is worth less.',
};

/** The server first; where it cannot be reached, the paired stick. A refusal of the server is final. */
async function signIn(
  key: Awaited<ReturnType<typeof generateSessionKey>>,
  scope: Scope,
  code: string | undefined,
  world: SessionWorld,
  { stick, server }: { stick: StickFile | null; server: Server | null },
): Promise<Credentials> {
  const typed = server ? (code ?? (await askCode(world.terminal))) : null;
  if (server && typed) {
    const answer = await signInAtServer(server, typed, key, scope, stick);
    if (answer.kind === 'vouched') return answer.credentials;
    if (answer.kind === 'refused') throw new CannotBegin('refused', answer.reason);
    if (!stick) throw new CannotBegin('unreachable', undefined, answer.detail);
  }
  if (!stick) throw new CannotBegin(server ? 'no-code' : 'no-server-no-stick');
  return await vouchByStick(stick, key, scope, world.clock.now());
}

/** Asked for rather than given on the command line, where every process of the machine could read it. */
export async function askCode(terminal: Terminal): Promise<string | null> {
  const question: Phrase = {
    fr: '  Code affiché par la page de l’atelier : ',
    en: '  Code shown by the workshop’s page: ',
  };
  return (await terminal.ask(question[terminal.lang]))?.trim() || null;
}

/** After the server told the time, the laptop's own clock no longer matters. */
function clockFrom(own: ClockDoor): SessionDoors['clockFrom'] {
  return ({ serverTime }) =>
    serverTime ? serverClock(serverTime.wall, own.monotonic(), own.monotonic) : own;
}

async function spooledRecordOf(spool: Spool, sessionId: string): Promise<string | null> {
  for (const folder of [spool.waiting, spool.sent]) {
    for (const spooled of await listSpool(folder)) {
      if (spooled.kind !== 'sound') continue;
      const { accountOf, sessionId: own } = spooled.record;
      if (accountOf === sessionId || (accountOf === null && own === sessionId)) return spooled.digest;
    }
  }
  return null;
}

async function allKept(spool: Spool): Promise<SessionResult['sent']> {
  const listed = await listSpool(spool.waiting);
  return listed.map((each) =>
    each.kind === 'sound' ? { kind: 'kept', digest: each.digest, why: 'no server' } : each,
  );
}

function resultJson({ record, digest, sent }: SessionResult) {
  const { recordId, sessionId, mode, machine, grade, refusals, sanitizations } = record;
  const outcomes = sanitizations.map((evidence) => {
    const { plan, outcome, levelAchieved, reasons } = evidence;
    const { technique, verification, target } = plan;
    const told = { path: target.path, technique, verification, outcome, levelAchieved, reasons };
    return { ...told, mismatches: mismatchesOf(evidence) };
  });
  return { recordId, sessionId, digest, mode, machine, grade, refusals, sanitizations: outcomes, sent };
}

function mismatchesOf({ observations: seen }: Evidence): number[] {
  if (!('steps' in seen)) return seen.readBack?.mismatches ?? [];
  return seen.steps.flatMap((step) => (step.kind === 'read-back' ? step.mismatches : []));
}

function exitCodeOf({ record, digest, sent }: SessionResult, drives: string[] = []): ExitCode {
  // How each drive was left: what a later attempt made good is good.
  if (lastAttempts(record.sanitizations).some(({ evidence }) => evidence.outcome !== 'done')) {
    return EXIT.failed;
  }
  // One that was asked for and not touched is not done, whatever became of the others.
  const worked = new Set(record.sanitizations.map(({ plan }) => plan.target.path));
  if (drives.some((path) => !worked.has(path))) return EXIT.refused;
  const own = sent.find((each) => each.kind !== 'damaged' && each.digest === digest);
  if (own?.kind === 'refused') return EXIT.failed;
  return own?.kind === 'acknowledged' ? EXIT.ok : EXIT.unsent;
}
