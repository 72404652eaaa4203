import {
  type BootMediumRef,
  type Checklist,
  type Clock,
  type Envelope,
  type Evidence,
  grade,
  type ImageRef,
  type Inventory,
  type Leftovers,
  type MachineRecord,
  type MachineRef,
  type Mode,
  type Reason,
  REHEARSAL_NOTICE,
  RECORD_TYPE,
  type Refusal,
  seal,
} from '@rebond/protocol';
import type { Credentials } from './credentials.ts';

export type RecordFacts = {
  sessionId: string;
  sequence: number;
  accountOf: string | null;
  mode: Mode;
  machine: MachineRef;
  inventory: Inventory;
  refusals: Refusal[];
  sanitizations: Evidence[];
  /** Null where the session did not look, or nobody was asked. */
  leftovers: Leftovers | null;
  checklist: Checklist | null;
  remarks: Reason[];
  openedAt: Clock;
  closedAt: Clock;
  durationMs: number | null;
  /** Named only where the grade's law leaves it out of account. */
  bootMedium: BootMediumRef | null;
};

/** The machine record of these facts, graded and signed with the session's key. */
export async function signedRecord(
  facts: RecordFacts,
  credentials: Credentials,
  made: { agent: MachineRecord['agent']; image: ImageRef | null },
): Promise<{ record: MachineRecord; envelope: Envelope }> {
  const record: MachineRecord = {
    schema: 'rebond.record/4',
    recordId: crypto.randomUUID(),
    audience: credentials.workshop.id,
    notice: facts.mode === 'rehearsal' ? REHEARSAL_NOTICE : null,
    agent: made.agent,
    image: made.image,
    grade: await grade(facts.inventory, facts.sanitizations, facts.bootMedium),
    chain: credentials.chain,
    ...facts,
  };
  return { record, envelope: await seal(RECORD_TYPE, record, credentials.key) };
}
