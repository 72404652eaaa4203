import { type Evidence, judge, type Observations, type Reason, type SanitizePlan } from '@rebond/protocol';
import { type Seen, stillConfirmed } from '../decide/still-confirmed.ts';
import type { BlockWriter } from '../effects/block.ts';
import type { ClockDoor } from '../effects/types.ts';
import type { Journal } from '../report/journal.ts';
import { newStreamKey } from './key-stream.ts';
import { overwrite, type Progress } from './overwrite.ts';

/** Who the target is right now, read from the system again; null when it no longer answers. */
type Identify = () => Promise<Seen | null>;

export type PlanDoors = {
  clock: ClockDoor;
  journal: Journal;
  openTarget: () => Promise<BlockWriter>;
  identify: Identify;
  progress: (progress: Progress) => void;
  signal: AbortSignal;
  tool: Evidence['tool'];
};

/**
 * Carries out one plan. The journal knows of it, on disk, before the target is opened for writing; the identity is
 * read again after opening, when the kernel's exclusive claim holds, and before the first byte.
 */
export async function runPlan(plan: SanitizePlan, doors: PlanDoors): Promise<Evidence> {
  const { clock, journal } = doors;
  const keyHex = newStreamKey();
  const startedAt = clock.now();
  const began = clock.monotonic();
  await journal.note({ event: 'planned', plan, keyHex, at: startedAt });
  const observations = await observe(plan, keyHex, doors);
  const evidence: Evidence = {
    schema: 'rebond.evidence/1',
    plan,
    observations,
    ...judge(plan, observations),
    tool: doors.tool,
    stream: { algorithm: 'aes-256-ctr', keyHex },
    startedAt,
    durationMs: Math.round(clock.monotonic() - began),
    journalSha256: journal.digest(),
  };
  await journal.note({ event: 'judged', evidence });
  return evidence;
}

async function observe(plan: SanitizePlan, keyHex: string, doors: PlanDoors): Promise<Observations> {
  let writer: BlockWriter;
  try {
    writer = await doors.openTarget();
  } catch (error) {
    return nothingDone(cannotOpen((error as NodeJS.ErrnoException).code ?? 'unknown error'));
  }
  try {
    const [against] = stillConfirmed(plan.target, await doors.identify());
    if (against) return nothingDone(against);
    const seen = await overwrite(plan, keyHex, { ...doors, writer, monotonic: doors.clock.monotonic });
    return { ...seen, after: afterwards(plan, await doors.identify()) };
  } finally {
    await writer.close();
  }
}

function nothingDone(stopped: Reason): Observations {
  return { written: null, flushed: false, readBack: null, after: null, stopped };
}

/** What came back under this name after it was replugged is not what was written to. */
function afterwards({ target }: SanitizePlan, now: Seen | null): Observations['after'] {
  if (now === null || now.sizeBytes === null || now.diskseq !== target.diskseq) return null;
  return { identity: now.identity, sizeBytes: now.sizeBytes };
}

function cannotOpen(code: string): Reason {
  return {
    code: 'cannot-open',
    fr: `Le système refuse d’ouvrir le disque en écriture (${code}). Rien n’a été écrit.`,
    en: `The system refuses to open the drive for writing (${code}). Nothing was written.`,
  };
}
