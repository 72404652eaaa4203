import { setTimeout as delay } from 'node:timers/promises';
import type {
  Drive,
  DriveCapabilities,
  Inventory,
  MachineRef,
  Part,
  PlanV2,
  Reason,
  Refusal,
} from '@rebond/protocol';
import { policyOf } from '../commands/rungs.ts';
import { chooseReal } from '../commands/targets.ts';
import { askLabel } from '../console/ask-label.ts';
import type { liveTeller } from '../console/live-tell.ts';
import { bootDrive, type BootMedium } from '../decide/boot-medium.ts';
import type { Topology } from '../decide/eligibility.ts';
import { serverClock } from '../effects/clock.ts';
import type { FirmwareRequests } from '../effects/firmware-requests.ts';
import type { ClockDoor, Files, Run } from '../effects/types.ts';
import { leftoverDoor } from '../leftover/leftover.ts';
import type { Resumable } from '../parse/journal.ts';
import type { RamState } from '../parse/live-state.ts';
import type { Credentials, Scope } from '../report/credentials.ts';
import { type JournalRest, leftJournals } from '../report/journal.ts';
import { openKeptJournal } from '../report/kept-journal.ts';
import { leftOnServer, mergeRests } from '../report/left.ts';
import type { StepEffects } from '../sanitize/steps/index.ts';
import type { WorkProgress } from '../sanitize/steps/step.ts';
import type { SessionDoors, SessionEvent } from '../session.ts';
import { confirmDrive, confirmLower, tellSurvey } from './ask-drives.ts';
import { dueFromStick, forgetJournal } from './held.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
import { whileSomebodyIsThere } from './patience.ts';
import { signInLive, type SignInDoors } from './sign-in.ts';
import type { Voice } from './voice.ts';

/** What a session of the live image needs besides its keeper, its link and its voice. */
type LiveWorld = {
  run: Run;
  clock: ClockDoor;
  probe: () => Promise<{ inventory: Inventory; machine: MachineRef }>;
  readDrive: (path: string) => Promise<Drive | null>;
  topology: () => Promise<Topology>;
  files: Files;
  /** What may be asked of the firmware. */
  firmware: FirmwareRequests;
  /** A question after the wipes waits this long for somebody. */
  patienceMs: number;
  effects: StepEffects;
  /** What a drive says of its own means. */
  means: (drive: Drive) => Promise<Part<DriveCapabilities>>;
  /** The workshop's policy, by its id. */
  policy: string;
  /** Known once the drives were read for the first time. */
  boot: () => Promise<BootMedium>;
  onLiveImage: boolean;
  made: SessionDoors['made'];
  ram: () => Promise<RamState | null>;
};

export type LiveSession = {
  world: LiveWorld;
  keeper: Keeper;
  link: Link;
  voice: Voice;
  tell: ReturnType<typeof liveTeller>;
  stick: SignInDoors['stick'];
  command: SignInDoors['command'];
  /** The technician stops the wipes. */
  signal: AbortSignal;
  /** The key that this session signs with, once it is vouched for: a shell is asked for with it. */
  signedIn: (credentials: Credentials, scope: Scope) => void;
};

const RETRY_MS = 3000;
/** A drive's wipe waits this long for the image to be read through once; beyond, a slow stick must not stop the bench. */
const RAM_WAIT_MS = 120_000;

/** The doors of one session on the live image: all drives, a journal on stick and server, no giving up. */
export function liveSessionDoors(live: LiveSession): SessionDoors {
  const { world, keeper, link, voice } = live;
  const { clock } = world;
  let onlyInMemory = false;
  return {
    clock,
    probe: world.probe,
    signIn: async (key, scope) => {
      const { stick, command } = live;
      const doors = { voice, link, stick, command, now: clock.now, retryMs: RETRY_MS };
      const credentials = await signInLive(key, scope, doors);
      live.signedIn(credentials, scope);
      return credentials;
    },
    clockFrom: ({ serverTime }) =>
      serverTime ? serverClock(serverTime.wall, clock.monotonic(), clock.monotonic) : clock,
    leftJournals: (credentials, scope, inventory) => allLeft(live, credentials, scope, inventory),
    recordOf: (sessionId) => keeper.spools.recordOf(sessionId),
    dropJournal: async (sessionId) => {
      keeper.journal.closed(sessionId);
      // Until the record is safer than that, the journal is what would be left after a power cut.
      if (onlyInMemory) return;
      const folder = keeper.journals();
      // The stick may be gone: what is left on it is accounted for by its record when it comes back.
      if (folder) await forgetJournal(folder, sessionId).catch(() => {});
    },
    openJournal: async (opening, credentials, scope) => {
      keeper.left.accounted();
      const server = link.state().kind === 'none' ? null : { server: link.server, credentials, scope };
      const journal = await openKeptJournal(opening, { folder: keeper.journals(), server });
      return keeper.journal.open(opening.sessionId, journal);
    },
    choose: (inventory, sessionId, clock, against, resumables) =>
      chooseLive(live, { inventory, sessionId, clock, against, resumables }),
    leftover: leftoverDoor({
      ...{ ...world, mode: 'real' },
      asking: whileSomebodyIsThere(voice, live.signal, world.patienceMs),
    }),
    remarks: keeper.takeRemarks,
    bootDrive: async ({ drives }) =>
      world.onLiveImage && drives.outcome === 'read' ? bootDrive(drives.value, await world.boot()) : null,
    spool: async (envelope) => {
      const { digest, at } = await keeper.spools.keep(envelope);
      // Of several, an account of an earlier session among them, one that is in memory only is enough.
      onlyInMemory ||= at === 'ram';
      await keeper.recount();
      return digest;
    },
    send: () => keeper.send(link.server),
    tell: (event) => tellAndKeep(event, live),
    made: world.made,
  };
}

/** While any drive is being wiped the machine is neither switched off nor put to sleep. */
function tellAndKeep(event: SessionEvent, { keeper, tell }: LiveSession): void {
  if (event.kind === 'begun') keeper.wiping(1);
  if (event.kind === 'ended') keeper.wiping(-1);
  tell(event);
}

/** What the stick and the server hold of sessions that were cut off. */
async function allLeft(
  { keeper, link, voice }: LiveSession,
  credentials: Credentials,
  scope: Scope,
  inventory: Inventory,
): Promise<JournalRest[]> {
  const sticks = await Promise.all(
    keeper.earlier().map(async (stick) => ({
      stick,
      rests: await leftJournals(stick.journals).catch(() => []),
    })),
  );
  const ids = sticks.flatMap(({ rests }) => rests.map(({ sessionId }) => sessionId));
  const asked = link.reached() ? await leftOnServer(link.server, credentials, scope, ids) : null;
  const answer = asked?.kind === 'answered' ? asked : null;
  if (answer && answer.doubted > 0) voice.tell(DOUBTED, 'alarm');
  const now = { machineId: scope.machineId, inventory };
  const due: JournalRest[] = [];
  for (const { stick, rests } of sticks) {
    const found = await dueFromStick(stick, rests, now, answer?.open ?? null);
    due.push(...found.due);
    if (found.waiting > 0) voice.tell(stick.writable ? WAITING : WAITING_READ_ONLY);
  }
  return mergeRests(due, asked?.rests ?? []);
}

const DOUBTED = {
  fr: 'Le serveur tient un journal dont une partie n’est pas crue : il n’en est rien conclu.',
  en: 'The server holds a journal of which a part is not believed: nothing is concluded from it.',
};
const WAITING = {
  fr: 'La clé porte le journal d’une session que le serveur a en entier : c’est lui qui dira ce qu’elle est devenue.',
  en: 'The stick has the journal of a session that the server has whole: the server will say what became of it.',
};
const WAITING_READ_ONLY = {
  fr: 'La clé, qui n’accepte pas d’écriture, porte le journal d’une session coupée : il y reste, et il en sera rendu compte quand le serveur sera joint. Rien de cette session n’est compté comme effacé.',
  en: 'The stick, which takes no write, has the journal of a session that was cut off: it stays there, and an account is given once the server is reached. Nothing of that session is counted as wiped.',
};

async function chooseLive(
  live: LiveSession,
  session: {
    inventory: Inventory;
    sessionId: string;
    clock: ClockDoor;
    against: Reason[];
    resumables: readonly Resumable[];
  },
) {
  const { world, voice } = live;
  const { inventory, sessionId, clock, against, resumables } = session;
  const order = {
    mode: 'real' as const,
    wanted: 'all' as const,
    onLiveImage: world.onLiveImage,
    notARehearsal: false,
    boot: await world.boot(),
    against: [...against, ...damaged(await world.ram())],
    survey: (refusals: Refusal[], asked: Drive[]) => {
      live.tell({ kind: 'refused', refusals });
      tellSurvey(asked, voice);
    },
    policy: policyOf(world.policy),
    resumables,
    means: world.means,
    label: (drive: Drive, all: readonly Drive[]) => askLabel(drive, all, voice),
    confirm: (drive: Drive, notices: readonly Reason[], plan: PlanV2) =>
      confirmDrive(drive, notices, plan, voice),
    confirmLower: (drive: Drive, plan: PlanV2) => confirmLower(drive, plan, voice, live.signal),
    readDrive: world.readDrive,
    since: async () => damaged(await settledRam(live)),
  };
  const shared = {
    run: world.run,
    topology: world.topology,
    progress: (work: WorkProgress) => live.tell({ kind: 'progress', work }),
    signal: live.signal,
    tool: { name: 'rebond', version: world.made.agent.version },
    effects: world.effects,
  };
  return await chooseReal(order, inventory, sessionId, clock, shared);
}

/** The copy to memory reads the whole image and compares its digest: wait for its word before writing to a drive. */
async function settledRam({ world, voice, signal }: LiveSession): Promise<RamState | null> {
  const until = world.clock.monotonic() + RAM_WAIT_MS;
  for (;;) {
    const ram = await world.ram();
    const over = ram?.state !== 'loading' || world.clock.monotonic() > until || signal.aborted;
    if (over) return ram;
    voice.now(COMPARING, `${Math.floor(ram.percent)} %`);
    await delay(500);
  }
}

/** A system whose bytes are not those that were built must not write to a drive. */
function damaged(ram: RamState | null): Reason[] {
  return ram?.state === 'medium' && ram.reason === 'damaged' ? [DAMAGED] : [];
}

const COMPARING = {
  fr: 'L’image de démarrage est relue et comparée avant de toucher à un disque',
  en: 'The boot image is read and compared before a drive is touched',
};
const DAMAGED: Reason = {
  code: 'image-damaged',
  fr: 'L’image de démarrage est abîmée : ses octets ne sont pas ceux qui ont été annoncés. Aucun disque n’est touché ; refaites cette clé.',
  en: 'The boot image is damaged: its bytes are not those that were announced. No drive is touched; make this stick anew.',
};
