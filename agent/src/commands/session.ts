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
  visible,
} from '@rebond/protocol';
import type { BootMedium } from '../decide/boot-medium.ts';
import { ENDING_LENGTH, type Topology } from '../decide/eligibility.ts';
import { planLine } from '../console/plan-line.ts';
import { teller } from '../console/tell.ts';
import { serverClock } from '../effects/clock.ts';
import { durableFolder } from '../effects/durable.ts';
import { holdFolder } from '../effects/lock.ts';
import { type Server, serverAt } from '../effects/network.ts';
import type { ClockDoor, Run } from '../effects/types.ts';
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
import { runSession, type SessionDoors, type SessionEvent, type SessionResult } from '../session.ts';
import { CannotBegin } from './cannot-begin.ts';
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
  /** A drive's path; without it the session is a rehearsal on a medium of our own. */
  drive?: string;
  /** With a drive: a rehearsal against it, which must be one of the network. */
  rehearsal?: boolean;
  iAmNotARehearsal?: boolean;
  /** What is to be done to the drive: the id of a policy. */
  policy: string;
  /** Mebibytes of the rehearsal medium. */
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
  const tell = teller(world.terminal, modeOf(options) === 'rehearsal');
  return {
    clock: world.clock,
    probe: world.probe,
    signIn: (key, scope) => signIn(key, scope, options.code, world, kept),
    clockFrom: clockFrom(world.clock),
    leftJournals: () => leftJournals(journals),
    recordOf: (sessionId) => spooledRecordOf(kept.spool, sessionId),
    dropJournal: (sessionId) => dropJournal(journals, sessionId),
    openJournal: (opening) => openJournal(journals, opening),
    choose: (inventory, sessionId, clock, against) =>
      choose(options, world, tell, { inventory, sessionId, clock, against }),
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
  session: { inventory: Inventory; sessionId: string; clock: ClockDoor; against: Reason[] },
) {
  const { inventory, sessionId, clock, against } = session;
  const shared = {
    run: world.run,
    topology: world.topology,
    progress: (progress: Extract<SessionEvent, { kind: 'progress' }>['progress']) =>
      tell({ kind: 'progress', progress }),
    signal: world.signal,
    tool: { name: 'rebond', version: world.made.agent.version },
    effects: world.effects,
  };
  if (options.drive === undefined) {
    const order = {
      folder: `${options.home}/rehearsal`,
      sizeBytes: options.size * 1024 * 1024,
      loop: options.loop,
    };
    return chooseRehearsal(order, inventory, sessionId, clock, shared);
  }
  const order = {
    mode: modeOf(options),
    wanted: [options.drive],
    onLiveImage: world.onLiveImage,
    boot: world.boot,
    notARehearsal: options.iAmNotARehearsal === true,
    against,
    survey: () => {},
    since: () => Promise.resolve([]),
    policy: policyOf(options.policy),
    means: world.means,
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

function question(
  drive: Drive,
  mode: Mode,
  notices: readonly Reason[],
  plan: PlanV2,
  { lang }: Terminal,
): string {
  const what = mode === 'rehearsal' ? REHEARSED : { fr: '', en: '' };
  const reasons = plan.reasons.map((reason) => `\n      ${visible(reason[lang], 400)}`).join('');
  const said = `\n  ${planLine(plan)[lang]}${reasons}${notices.map((notice) => `\n  ! ${visible(notice[lang])}`).join('')}`;
  const shown = `${visible(drive.path)} · ${visible(drive.identity.model ?? '?')} · ${drive.sizeBytes ?? '?'} · ${visible(drive.identity.serial ?? '?')}`;
  const text: Phrase = {
    fr: `\n  ${what.fr}${shown}${said}\n  TOUT CE DISQUE SERA EFFACÉ. Tapez les ${ENDING_LENGTH} derniers caractères de son numéro de série : `,
    en: `\n  ${what.en}${shown}${said}\n  THIS WHOLE DRIVE WILL BE WIPED. Type the last ${ENDING_LENGTH} characters of its serial number: `,
  };
  return text[lang];
}

const REHEARSED: Phrase = {
  fr: 'RÉPÉTITION sur un disque du réseau, qui sera vraiment effacé : ',
  en: 'REHEARSAL on a drive of the network, which will really be wiped: ',
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

function exitCodeOf({ record, digest, sent }: SessionResult, drive: string | undefined): ExitCode {
  // How each drive was left: what a later attempt made good is good.
  if (lastAttempts(record.sanitizations).some(({ evidence }) => evidence.outcome !== 'done')) {
    return EXIT.failed;
  }
  if (drive !== undefined && record.sanitizations.length === 0) return EXIT.refused;
  const own = sent.find((each) => each.kind !== 'damaged' && each.digest === digest);
  if (own?.kind === 'refused') return EXIT.failed;
  return own?.kind === 'acknowledged' ? EXIT.ok : EXIT.unsent;
}
