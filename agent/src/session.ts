import {
  type Drive,
  type Evidence,
  generateSessionKey,
  type Inventory,
  type MachineRecord,
  type MachineRef,
  type Reason,
  type Refusal,
  type SanitizePlan,
} from '@rebond/protocol';
import { bootMediumRef } from './decide/boot-medium.ts';
import { REHEARSAL_REFUSAL } from './decide/eligibility.ts';
import { resumablesOf } from './decide/resume.ts';
import type { ClockDoor } from './effects/types.ts';
import { type LeftoverDoor, withLeftovers } from './leftover/leftover.ts';
import type { Resumable } from './parse/journal.ts';
import { accountFacts } from './report/account.ts';
import type { Credentials, Scope } from './report/credentials.ts';
import type { Journal, JournalRest, Opening } from './report/journal.ts';
import { reasonNotKept } from './report/not-kept.ts';
import { type RecordFacts, signedRecord } from './report/record.ts';
import type { Sent } from './report/submit.ts';
import type { WorkProgress } from './sanitize/steps/step.ts';
import { type Kept, sanitizeDrives } from './sanitize-drives.ts';

/** What is told to the technician while a session runs. */
export type SessionEvent =
  | { kind: 'step'; step: 'probe' | 'sign-in' | 'recover' | 'plan' | 'sanitize' | 'record' | 'send' }
  | { kind: 'inventory'; inventory: Inventory; machine: MachineRef }
  | { kind: 'signed-in'; credentials: Credentials }
  | { kind: 'recovered'; facts: RecordFacts; digest: string }
  /** Nothing keeps this session's journal: no drive will be touched. */
  | { kind: 'not-kept'; reason: Reason }
  | { kind: 'refused'; refusals: Refusal[] }
  | { kind: 'plan'; plan: SanitizePlan }
  | { kind: 'begun'; plan: SanitizePlan; index: number; of: number }
  | { kind: 'progress'; work: WorkProgress }
  | { kind: 'judged'; evidence: Evidence }
  /** After each `begun`, however it went. */
  | { kind: 'ended'; plan: SanitizePlan }
  | { kind: 'recorded'; record: MachineRecord; digest: string }
  | { kind: 'sent'; sent: Sent[] };

/** A target that was decided on: a rehearsal medium, or a real drive that was confirmed. */
export type Chosen = {
  plan: SanitizePlan;
  /** Of two that name the same device one is worked on after the other: namespaces of one NVMe drive. */
  device: string;
  /** What stands against it at the moment of beginning, which may be hours after it was confirmed. */
  against: () => Promise<Reason[]>;
  run: (journal: Journal) => Promise<Evidence>;
  /** What follows this attempt on the same drive; null where nothing does. It may ask the operator. */
  next: (evidence: Evidence) => Promise<Chosen | null>;
  dispose: () => Promise<void>;
};
export type Choice = {
  chosen: Chosen[];
  refusals: Refusal[];
  /** What else the record must say of this machine's drives. */
  remarks: Reason[];
};

/** What one session needs of the world; `main.ts` wires the real doors. */
export type SessionDoors = {
  clock: ClockDoor;
  probe: () => Promise<{ inventory: Inventory; machine: MachineRef }>;
  /** Throws `CannotBegin` when neither the server nor a paired stick vouches. */
  signIn: (key: Awaited<ReturnType<typeof generateSessionKey>>, scope: Scope) => Promise<Credentials>;
  /** The clock to use once the server has told the time. */
  clockFrom: (credentials: Credentials) => ClockDoor;
  leftJournals: (credentials: Credentials, scope: Scope, inventory: Inventory) => Promise<JournalRest[]>;
  /** The digest of a session's own record if it is kept here. */
  recordOf: (sessionId: string) => Promise<string | null>;
  dropJournal: (sessionId: string) => Promise<void>;
  /** Throws `NotKept` where no durable place takes it. */
  openJournal: (opening: Opening, credentials: Credentials, scope: Scope) => Promise<Journal>;
  /**
   * @param against reasons that stand against touching any drive in this session
   * @param resumables overwrites of earlier sessions that a power cut broke off
   */
  choose: (
    inventory: Inventory,
    sessionId: string,
    clock: ClockDoor,
    against: Reason[],
    resumables: readonly Resumable[],
  ) => Promise<Choice>;
  /** What the machine keeps of its past beside its drives. */
  leftover: LeftoverDoor;
  /** The drive of the list that this system was surely started from; null where there is none. */
  bootDrive: (inventory: Inventory) => Promise<Drive | null>;
  /** What else happened during this session, for its record. */
  remarks: () => Reason[];
  spool: (envelope: Awaited<ReturnType<typeof signedRecord>>['envelope']) => Promise<string>;
  send: () => Promise<Sent[]>;
  tell: (event: SessionEvent) => void;
  made: Parameters<typeof signedRecord>[2];
};

export type SessionResult = { record: MachineRecord; digest: string; sent: Sent[] };

/** The story of one laptop. Every step leaves the disk in a state from which the next start tells the truth. */
export async function runSession(
  order: { mode: 'rehearsal' | 'real'; bench: string },
  doors: SessionDoors,
): Promise<SessionResult> {
  const sessionId = crypto.randomUUID();
  const opened = { at: doors.clock.now(), monotonic: doors.clock.monotonic() };

  doors.tell({ kind: 'step', step: 'probe' });
  const { inventory, machine } = await doors.probe();
  doors.tell({ kind: 'inventory', inventory, machine });

  doors.tell({ kind: 'step', step: 'sign-in' });
  const scope = { sessionId, bench: order.bench, machineId: machine.id };
  const credentials = await doors.signIn(await generateSessionKey(), scope);
  const clock = doors.clockFrom(credentials);
  doors.tell({ kind: 'signed-in', credentials });

  const { sequence, rests } = await giveAccountOfCutOff(scope, inventory, credentials, clock, doors);

  const shared = { sessionId, mode: order.mode, machine, inventory };
  const opening: Opening = { event: 'opened', ...shared, at: opened.at };
  const kept = await openOrSayWhy(opening, credentials, scope, doors);
  const resumables = await carryOver(rests, kept, doors);
  const about = { ...shared, sequence, openedAt: opened.at, resumables };
  const session = { kept, clock, credentials, began: opened.monotonic };
  const { record, digest } = await workAndRecord(about, session, doors);
  await doors.dropJournal(sessionId);
  doors.tell({ kind: 'recorded', record, digest });

  doors.tell({ kind: 'step', step: 'send' });
  const sent = await doors.send();
  doors.tell({ kind: 'sent', sent });
  return { record, digest, sent };
}

type Work = Pick<RecordFacts, 'sessionId' | 'sequence' | 'mode' | 'machine' | 'inventory' | 'openedAt'> & {
  resumables: readonly Resumable[];
};
type Under = { kept: Kept; clock: ClockDoor; credentials: Credentials; began: number };

/** From the opened journal to the signed record in the spool; the journal is closed however this ends. */
async function workAndRecord(
  { resumables, ...about }: Work,
  session: Under,
  doors: SessionDoors,
): Promise<{ record: MachineRecord; digest: string }> {
  const { kept, clock } = session;
  try {
    const { remarks, ...done } = await withLeftovers(doors.leftover, about.inventory, clock, () =>
      sanitize({ ...about, resumables }, clock, kept, doors),
    );
    doors.tell({ kind: 'step', step: 'record' });
    const facts: RecordFacts = {
      ...{ ...about, accountOf: null, ...done },
      ...{ remarks: [...kept.against, ...remarks, ...doors.remarks()], closedAt: clock.now() },
      durationMs: Math.round(clock.monotonic() - session.began),
      bootMedium: bootMediumRef(await doors.bootDrive(about.inventory), done.refusals),
    };
    const { record, envelope } = await signedRecord(facts, session.credentials, doors.made);
    const digest = await doors.spool(envelope);
    await kept.journal?.note({ event: 'recorded', digest }).catch(reasonNotKept);
    return { record, digest };
  } finally {
    await kept.journal?.close();
  }
}

/**
 * One record for each session that a power cut or a kill left without its own.
 * @returns the next sequence number, and the journals, which are still there
 */
async function giveAccountOfCutOff(
  scope: Scope,
  inventory: Inventory,
  credentials: Credentials,
  clock: ClockDoor,
  doors: SessionDoors,
): Promise<{ sequence: number; rests: JournalRest[] }> {
  const { sessionId } = scope;
  let sequence = 0;
  const rests = await doors.leftJournals(credentials, scope, inventory);
  for (const rest of rests) {
    // Cut between the record's arrival in the spool and the end of the journal: the record tells it all.
    const already = await doors.recordOf(rest.sessionId);
    const tool = { name: 'rebond', version: doors.made.agent.version };
    const facts = already ? null : accountFacts(rest, { sessionId, sequence, clock, tool });
    if (facts) {
      doors.tell({ kind: 'step', step: 'recover' });
      const { envelope } = await signedRecord(facts, credentials, doors.made);
      const digest = await doors.spool(envelope);
      doors.tell({ kind: 'recovered', facts, digest });
      sequence += 1;
    }
  }
  return { sequence, rests };
}

/** What may still be taken up goes into this session's journal before those of the earlier ones go. */
async function carryOver(
  rests: readonly JournalRest[],
  { journal }: Kept,
  doors: SessionDoors,
): Promise<Resumable[]> {
  const resumables = resumablesOf(rests.map(({ events }) => events));
  const noted = async (resumable: Resumable): Promise<void> => journal?.note({ event: 'left', resumable });
  const kept = await Promise.allSettled(resumables.map(noted));
  const isKept = journal !== null && kept.every(({ status }) => status === 'fulfilled');
  for (const { sessionId, events } of rests)
    if (isKept || resumablesOf([events]).length === 0) await doors.dropJournal(sessionId);
  return resumables;
}

/** Without a durable journal the session goes on, but no drive is touched, and the record says why. */
async function openOrSayWhy(
  opening: Opening,
  credentials: Credentials,
  scope: Scope,
  doors: SessionDoors,
): Promise<Kept> {
  try {
    return { journal: await doors.openJournal(opening, credentials, scope), against: [] };
  } catch (error) {
    const reason = reasonNotKept(error);
    doors.tell({ kind: 'not-kept', reason });
    return { journal: null, against: [reason] };
  }
}

/** Every drive is confirmed before the first is touched. */
async function sanitize(
  { inventory, sessionId, resumables }: Work,
  clock: ClockDoor,
  kept: Kept,
  doors: SessionDoors,
): Promise<{ refusals: Refusal[]; sanitizations: Evidence[]; remarks: Reason[] }> {
  doors.tell({ kind: 'step', step: 'plan' });
  const { chosen, refusals, remarks } = await doors.choose(
    inventory,
    sessionId,
    clock,
    kept.against,
    resumables,
  );
  if (refusals.length > 0) doors.tell({ kind: 'refused', refusals });
  try {
    for (const { plan } of chosen) doors.tell({ kind: 'plan', plan });
    const worked = await sanitizeDrives(chosen, kept, doors.tell);
    return {
      refusals: [...refusals, ...worked.refusals],
      sanitizations: worked.sanitizations,
      remarks: [...remarks, ...worked.remarks],
    };
  } finally {
    for (const each of chosen) await each.dispose();
  }
}

/** A record holds no more for one drive. */
export const REASONS_MAX = 16;

/** In a rehearsal every real drive is refused, with its other reasons, so that the record shows what would happen. */
export function refusalOf(drive: Drive, reasons: Reason[], rehearsal: boolean): Refusal {
  return {
    path: drive.path,
    identity: drive.identity,
    sizeBytes: drive.sizeBytes,
    reasons: (rehearsal ? [REHEARSAL_REFUSAL, ...reasons] : reasons).slice(0, REASONS_MAX),
  };
}
