import {
  capabilitiesOf,
  type DriveCapabilities,
  type Evidence,
  type EvidenceV2,
  judge,
  type ObservationsV2,
  type Part,
  type PlanV2,
  type Reason,
} from '@rebond/protocol';
import type { BlockWriter } from '../effects/block.ts';
import type { ClockDoor } from '../effects/types.ts';
import type { Journal } from '../report/journal.ts';
import { newStreamKey } from './key-stream.ts';
import { type StepEffects, stepRunners } from './steps/index.ts';
import type { StepDoors, StepProgress, WorkProgress } from './steps/step.ts';
import { commandLog, type Identify, walkSteps } from './walk-steps.ts';

export type PlanDoors = {
  clock: ClockDoor;
  journal: Journal;
  openTarget: () => Promise<BlockWriter>;
  identify: Identify;
  effects: StepEffects;
  progress: (work: WorkProgress) => void;
  signal: AbortSignal;
  tool: Evidence['tool'];
  /** Of an overwrite that takes up what an earlier session began; else a new one is made. */
  keyHex?: string | undefined;
};

/**
 * Carries out one plan. The journal knows of it, on disk, before the target is opened; the identity is read again after
 * opening, when the kernel's exclusive claim holds, and before each step that alters the drive.
 * @param capabilities what the plan was made from
 */
export async function runPlan(
  plan: PlanV2,
  capabilities: Part<DriveCapabilities>,
  doors: PlanDoors,
): Promise<EvidenceV2> {
  const { clock, journal } = doors;
  const keyHex = doors.keyHex ?? newStreamKey();
  const startedAt = clock.now();
  const began = clock.monotonic();
  await journal.note({ event: 'planned', plan, capabilities, keyHex, at: startedAt });
  const commands = commandLog();
  const observations = await observe(plan, capabilities, keyHex, commands.note, doors);
  const evidence: EvidenceV2 = {
    schema: 'rebond.evidence/2',
    plan,
    capabilities,
    observations,
    commands: commands.all(),
    ...judge({ plan, observations, capabilities }),
    tool: doors.tool,
    stream: { algorithm: 'aes-256-ctr', keyHex },
    startedAt,
    durationMs: Math.round(clock.monotonic() - began),
    journalSha256: journal.digest(),
  };
  await journal.note({ event: 'judged', evidence });
  return evidence;
}

async function observe(
  plan: PlanV2,
  capabilities: Part<DriveCapabilities>,
  keyHex: string,
  command: StepDoors['command'],
  doors: PlanDoors,
): Promise<ObservationsV2> {
  let writer: BlockWriter;
  try {
    writer = await doors.openTarget();
  } catch (error) {
    const stopped = cannotOpen((error as NodeJS.ErrnoException).code ?? 'unknown error');
    return { steps: [], after: null, stopped };
  }
  const { identify, signal } = doors;
  const { technique, target } = plan;
  const progress = (told: StepProgress): void => doors.progress({ path: target.path, technique, ...told });
  const asked: Identify = async () => {
    // The kernel remembers a drive's pages from when it came: it has to ask again, or a changed serial stays unseen.
    if (plan.target.path.startsWith('/dev/') && (await doors.effects.sizeAgain(plan.target.path)) === null)
      return null;
    const now = await identify();
    // Of a drive that is not ready – its sanitize runs, or failed – the kernel says 0: that is no size.
    return now && { ...now, sizeBytes: now.sizeBytes === 0 ? null : now.sizeBytes };
  };
  const { monotonic } = doors.clock;
  try {
    const runners = stepRunners(doors.effects, capabilitiesOf(capabilities));
    const flushed = keepFlushed(plan, doors);
    const thermometer = (await doors.effects.thermometer?.(target)) ?? null;
    const around = {
      writer,
      monotonic,
      progress,
      signal,
      command,
      identify: asked,
      runners,
      thermometer,
      flushed,
    };
    return await walkSteps(plan, keyHex, around);
  } finally {
    // Whatever closing says, what was seen was seen.
    await writer.close().catch(() => {});
  }
}

/** Work that is lost at a power cut is cheap next to a journal that is never at rest; a small drive is done before that. */
const KEPT_EVERY_MS = 30_000;
const SMALL_BYTES = 64 * 1024 ** 3;

/**
 * Notes how far a pass is on the drive. The wipe does not wait for that, and goes on where nobody keeps it: all that is
 * lost then is where to take it up. One line at a time, so that a slow stick does not pile them up.
 */
function keepFlushed({ planId, target }: PlanV2, { journal, clock }: PlanDoors) {
  const everyMs = target.sizeBytes > SMALL_BYTES ? KEPT_EVERY_MS : 0;
  let [busy, last] = [false, -Infinity];
  return ({ step, bytes, skipped }: { step: number; bytes: number; skipped: number }): void => {
    const now = clock.monotonic();
    if (busy || now - last < everyMs) return;
    [busy, last] = [true, now];
    const line = { event: 'flushed' as const, planId, step, bytes, ...(skipped > 0 ? { skipped } : {}) };
    const free = (): void => void (busy = false);
    void journal.note(line).then(free, free);
  };
}

function cannotOpen(code: string): Reason {
  return {
    code: 'cannot-open',
    fr: `Le système refuse d’ouvrir le disque en écriture (${code}). Rien n’a été écrit.`,
    en: `The system refuses to open the drive for writing (${code}). Nothing was written.`,
  };
}
