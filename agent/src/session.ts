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
import { REHEARSAL_REFUSAL } from './decide/eligibility.ts';
import type { ClockDoor } from './effects/types.ts';
import { accountFacts } from './report/account.ts';
import type { Credentials, Scope } from './report/credentials.ts';
import type { Journal, JournalRest, Opening } from './report/journal.ts';
import { type RecordFacts, signedRecord } from './report/record.ts';
import type { Sent } from './report/submit.ts';
import type { Progress } from './sanitize/overwrite.ts';

/** What is told to the technician while a session runs. */
export type SessionEvent =
  | { kind: 'step'; step: 'probe' | 'sign-in' | 'recover' | 'plan' | 'sanitize' | 'record' | 'send' }
  | { kind: 'inventory'; inventory: Inventory; machine: MachineRef }
  | { kind: 'signed-in'; credentials: Credentials }
  | { kind: 'recovered'; sessionId: string; digest: string }
  | { kind: 'refused'; refusals: Refusal[] }
  | { kind: 'plan'; plan: SanitizePlan }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'judged'; evidence: Evidence }
  | { kind: 'recorded'; record: MachineRecord; digest: string }
  | { kind: 'sent'; sent: Sent[] };

/** A session's target: a rehearsal medium, or a real drive that was confirmed; or none, with the reasons. */
type Chosen = {
  plan: SanitizePlan;
  run: (journal: Journal) => Promise<Evidence>;
  dispose: () => Promise<void>;
};
export type Choice = { chosen: Chosen | null; refusals: Refusal[] };

/** What one session needs of the world; `main.ts` wires the real doors. */
export type SessionDoors = {
  clock: ClockDoor;
  probe: () => Promise<{ inventory: Inventory; machine: MachineRef }>;
  /** Throws `CannotBegin` when neither the server nor a paired stick vouches. */
  signIn: (key: Awaited<ReturnType<typeof generateSessionKey>>, scope: Scope) => Promise<Credentials>;
  /** The clock to use once the server has told the time. */
  clockFrom: (credentials: Credentials) => ClockDoor;
  leftJournals: () => Promise<JournalRest[]>;
  /** The digest of a session's own record if the spool holds one. */
  spooledRecordOf: (sessionId: string) => Promise<string | null>;
  dropJournal: (sessionId: string) => Promise<void>;
  openJournal: (opening: Opening) => Promise<Journal>;
  choose: (inventory: Inventory, sessionId: string, clock: ClockDoor) => Promise<Choice>;
  spool: (envelope: Awaited<ReturnType<typeof signedRecord>>['envelope']) => Promise<string>;
  send: () => Promise<Sent[]>;
  tell: (event: SessionEvent) => void;
  agent: MachineRecord['agent'];
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

  const sequence = await giveAccountOfCutOff(sessionId, credentials, clock, doors);

  const at = opened.at;
  const journal = await doors.openJournal({
    event: 'opened',
    sessionId,
    mode: order.mode,
    machine,
    inventory,
    at,
  });
  const { refusals, sanitizations } = await sanitize(inventory, sessionId, clock, journal, doors);

  doors.tell({ kind: 'step', step: 'record' });
  const facts: RecordFacts = {
    ...{
      sessionId,
      sequence,
      accountOf: null,
      mode: order.mode,
      machine,
      inventory,
      refusals,
      sanitizations,
    },
    ...{ remarks: [], openedAt: at, closedAt: clock.now() },
    durationMs: Math.round(clock.monotonic() - opened.monotonic),
  };
  const { record, envelope } = await signedRecord(facts, credentials, doors.agent);
  const digest = await doors.spool(envelope);
  await journal.note({ event: 'recorded', digest });
  await journal.close();
  await doors.dropJournal(sessionId);
  doors.tell({ kind: 'recorded', record, digest });

  doors.tell({ kind: 'step', step: 'send' });
  const sent = await doors.send();
  doors.tell({ kind: 'sent', sent });
  return { record, digest, sent };
}

/** One record for each session that a power cut or a kill left without its own. @returns the next sequence number */
async function giveAccountOfCutOff(
  sessionId: string,
  credentials: Credentials,
  clock: ClockDoor,
  doors: SessionDoors,
): Promise<number> {
  let sequence = 0;
  for (const rest of await doors.leftJournals()) {
    // Cut between the record's arrival in the spool and the end of the journal: the record tells it all.
    const already = await doors.spooledRecordOf(rest.sessionId);
    const tool = { name: 'rebond', version: doors.agent.version };
    const facts = already ? null : accountFacts(rest, { sessionId, sequence, clock, tool });
    if (facts) {
      doors.tell({ kind: 'step', step: 'recover' });
      const { envelope } = await signedRecord(facts, credentials, doors.agent);
      const digest = await doors.spool(envelope);
      doors.tell({ kind: 'recovered', sessionId: rest.sessionId, digest });
      sequence += 1;
    }
    await doors.dropJournal(rest.sessionId);
  }
  return sequence;
}

async function sanitize(
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  journal: Journal,
  doors: SessionDoors,
): Promise<{ refusals: Refusal[]; sanitizations: Evidence[] }> {
  doors.tell({ kind: 'step', step: 'plan' });
  const { chosen, refusals } = await doors.choose(inventory, sessionId, clock);
  if (refusals.length > 0) doors.tell({ kind: 'refused', refusals });
  if (!chosen) return { refusals, sanitizations: [] };
  doors.tell({ kind: 'plan', plan: chosen.plan });
  doors.tell({ kind: 'step', step: 'sanitize' });
  try {
    const evidence = await chosen.run(journal);
    doors.tell({ kind: 'judged', evidence });
    return { refusals, sanitizations: [evidence] };
  } finally {
    await chosen.dispose();
  }
}

/** In a rehearsal every real drive is refused, with its other reasons, so that the record shows what would happen. */
export function refusalOf(drive: Drive, reasons: Reason[], rehearsal: boolean): Refusal {
  return {
    path: drive.path,
    identity: drive.identity,
    sizeBytes: drive.sizeBytes,
    reasons: rehearsal ? [REHEARSAL_REFUSAL, ...reasons] : reasons,
  };
}
