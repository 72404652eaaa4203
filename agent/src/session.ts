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
import type { ClockDoor } from './effects/types.ts';
import { accountFacts } from './report/account.ts';
import type { Credentials, Scope } from './report/credentials.ts';
import type { Journal, JournalRest, Opening } from './report/journal.ts';
import { NotKept } from './report/not-kept.ts';
import { type RecordFacts, signedRecord } from './report/record.ts';
import type { Sent } from './report/submit.ts';
import type { Progress } from './sanitize/steps/step.ts';

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
  | { kind: 'progress'; progress: Progress }
  | { kind: 'judged'; evidence: Evidence }
  | { kind: 'recorded'; record: MachineRecord; digest: string }
  | { kind: 'sent'; sent: Sent[] };

/** A target that was decided on: a rehearsal medium, or a real drive that was confirmed. */
export type Chosen = {
  plan: SanitizePlan;
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
  /** @param against reasons that stand against touching any drive in this session */
  choose: (inventory: Inventory, sessionId: string, clock: ClockDoor, against: Reason[]) => Promise<Choice>;
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

  const sequence = await giveAccountOfCutOff(scope, inventory, credentials, clock, doors);

  const at = opened.at;
  const { mode } = order;
  const opening: Opening = { event: 'opened', sessionId, mode, machine, inventory, at };
  const kept = await openOrSayWhy(opening, credentials, scope, doors);
  const about = { sessionId, sequence, mode, machine, inventory, openedAt: at };
  const session = { kept, clock, credentials, began: opened.monotonic };
  const { record, digest } = await workAndRecord(about, session, doors);
  await doors.dropJournal(sessionId);
  doors.tell({ kind: 'recorded', record, digest });

  doors.tell({ kind: 'step', step: 'send' });
  const sent = await doors.send();
  doors.tell({ kind: 'sent', sent });
  return { record, digest, sent };
}

type Work = Pick<RecordFacts, 'sessionId' | 'sequence' | 'mode' | 'machine' | 'inventory' | 'openedAt'>;
type Under = { kept: Kept; clock: ClockDoor; credentials: Credentials; began: number };

/** From the opened journal to the signed record in the spool; the journal is closed however this ends. */
async function workAndRecord(
  about: Work,
  session: Under,
  doors: SessionDoors,
): Promise<{ record: MachineRecord; digest: string }> {
  const { kept, clock } = session;
  try {
    const { remarks, ...done } = await sanitize(about.inventory, about.sessionId, clock, kept, doors);
    doors.tell({ kind: 'step', step: 'record' });
    const facts: RecordFacts = {
      ...{ ...about, accountOf: null, ...done },
      ...{ remarks: [...kept.against, ...remarks, ...doors.remarks()], closedAt: clock.now() },
      durationMs: Math.round(clock.monotonic() - session.began),
      bootMedium: bootMediumRef(await doors.bootDrive(about.inventory), done.refusals),
    };
    const { record, envelope } = await signedRecord(facts, session.credentials, doors.made);
    const digest = await doors.spool(envelope);
    await kept.journal?.note({ event: 'recorded', digest }).catch(unlessNotKept);
    return { record, digest };
  } finally {
    await kept.journal?.close();
  }
}

/** One record for each session that a power cut or a kill left without its own. @returns the next sequence number */
async function giveAccountOfCutOff(
  scope: Scope,
  inventory: Inventory,
  credentials: Credentials,
  clock: ClockDoor,
  doors: SessionDoors,
): Promise<number> {
  const { sessionId } = scope;
  let sequence = 0;
  for (const rest of await doors.leftJournals(credentials, scope, inventory)) {
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
    await doors.dropJournal(rest.sessionId);
  }
  return sequence;
}

type Kept = { journal: Journal | null; against: Reason[] };

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
    const reason = notKept(error);
    doors.tell({ kind: 'not-kept', reason });
    return { journal: null, against: [reason] };
  }
}

/** Every drive is confirmed before the first is touched; then one after the other. */
async function sanitize(
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  { journal, against }: Kept,
  doors: SessionDoors,
): Promise<{ refusals: Refusal[]; sanitizations: Evidence[]; remarks: Reason[] }> {
  doors.tell({ kind: 'step', step: 'plan' });
  const { chosen, refusals, remarks } = await doors.choose(inventory, sessionId, clock, against);
  if (refusals.length > 0) doors.tell({ kind: 'refused', refusals });
  const sanitizations: Evidence[] = [];
  try {
    for (const { plan } of chosen) doors.tell({ kind: 'plan', plan });
    for (const [index, first] of chosen.entries()) {
      const attempts = await attemptsOn(first, { index, of: chosen.length }, { journal, against }, doors);
      if (Array.isArray(attempts.refused)) refusals.push(lateRefusal(first.plan, attempts.refused, doors));
      sanitizations.push(...attempts.made);
    }
  } finally {
    for (const each of chosen) await each.dispose();
  }
  return { refusals, sanitizations, remarks };
}

/**
 * One plan after the other on one drive, until one is done or none follows. After an attempt its evidence stands: a drive
 * is refused only where nothing was done to it.
 */
async function attemptsOn(
  first: Chosen,
  place: { index: number; of: number },
  { journal, against }: Kept,
  doors: SessionDoors,
): Promise<{ made: Evidence[]; refused: Reason[] | null }> {
  const made: Evidence[] = [];
  for (let each: Chosen | null = first; each !== null;) {
    const now: Reason[] = [...against, ...(await each.against())];
    const begin = journal !== null && now.length === 0;
    const done: Evidence | Reason[] = begin ? await sanitizeOne(each, place, journal, doors) : now;
    if (Array.isArray(done)) return { made, refused: made.length === 0 ? done : null };
    made.push(done);
    each = await each.next(done);
  }
  return { made, refused: null };
}

/** @returns the evidence, or why it was not begun after all */
async function sanitizeOne(
  chosen: Chosen,
  place: { index: number; of: number },
  journal: Journal,
  doors: SessionDoors,
): Promise<Evidence | Reason[]> {
  doors.tell({ kind: 'step', step: 'sanitize' });
  doors.tell({ kind: 'begun', plan: chosen.plan, ...place });
  try {
    const evidence = await chosen.run(keepingEvidence(journal));
    doors.tell({ kind: 'judged', evidence });
    return evidence;
  } catch (error) {
    // The plan could not be kept, and so nothing was opened.
    return [notKept(error)];
  }
}

/** What was seen of a wipe goes into the record even where the journal takes no more; a plan that is not kept stops it. */
function keepingEvidence(journal: Journal): Journal {
  return {
    note: async (event) => {
      const noted = journal.note(event);
      await (event.event === 'judged' ? noted.catch(unlessNotKept) : noted);
    },
    digest: () => journal.digest(),
    close: () => journal.close(),
  };
}

function unlessNotKept(error: unknown): void {
  notKept(error);
}

/** @throws the error itself when it is another */
function notKept(error: unknown): Reason {
  if (!(error instanceof NotKept)) throw error;
  return { code: 'not-kept', ...error.phrase };
}

function lateRefusal({ target }: SanitizePlan, reasons: Reason[], doors: SessionDoors): Refusal {
  const { path, identity, sizeBytes } = target;
  const refusal = { path, identity, sizeBytes, reasons: reasons.slice(0, REASONS_MAX) };
  doors.tell({ kind: 'refused', refusals: [refusal] });
  return refusal;
}

/** A record holds no more for one drive. */
const REASONS_MAX = 16;

/** In a rehearsal every real drive is refused, with its other reasons, so that the record shows what would happen. */
export function refusalOf(drive: Drive, reasons: Reason[], rehearsal: boolean): Refusal {
  return {
    path: drive.path,
    identity: drive.identity,
    sizeBytes: drive.sizeBytes,
    reasons: (rehearsal ? [REHEARSAL_REFUSAL, ...reasons] : reasons).slice(0, REASONS_MAX),
  };
}
