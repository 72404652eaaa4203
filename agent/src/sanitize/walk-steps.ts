import {
  clip,
  type Command,
  lastStepEnded,
  type ObservationsV2,
  type PlanStep,
  type PlanV2,
  type Reason,
  sizeAfter,
  STEP_NAMES,
  type StepSeen,
} from '@rebond/protocol';
import { type Seen, stillConfirmed } from '../decide/still-confirmed.ts';
import type { Progress, RunStep, StepAbout, StepDoors, StepProgress, StepRunners } from './steps/step.ts';

/** Who the target is right now, read from the system again; null when it no longer answers. */
export type Identify = () => Promise<Seen | null>;

export type WalkDoors = Omit<StepDoors, 'giveUp' | 'progress' | 'flushed'> & {
  identify: Identify;
  runners: StepRunners;
  progress: (progress: StepProgress) => void;
  /** How far a pass is on the drive for sure. */
  flushed?: (at: { step: number; bytes: number; skipped: number }) => void;
};

/** What alters the drive: before each of these the identity is read again. */
const ALTERS: readonly PlanStep['kind'][] = ['unfreeze', 'unlock', 'reveal', 'firmware', 'overwrite'];

/** What tells of its own progress. */
const TELLS: readonly PlanStep['kind'][] = ['await-sanitize', 'firmware', 'scan', 'overwrite', 'read-back'];

/**
 * Walks the steps of a plan in their order and returns what was seen of each. It ends at the first that did not come to
 * its end, as the law says, and reads identity and size again then, however it ended.
 */
export async function walkSteps(plan: PlanV2, keyHex: string, doors: WalkDoors): Promise<ObservationsV2> {
  const seen: StepSeen[] = [];
  let stopped: Reason | null = null;
  for (const [index, step] of plan.steps.entries()) {
    const sizeBytes = sizeAfter(plan.target.sizeBytes, plan.steps.slice(0, index));
    stopped = await whyNotBegin(index, plan, sizeBytes, doors);
    if (stopped !== null) break;
    const about: StepAbout = { plan, index, sizeBytes, keyHex, seen: [...seen] };
    stopped = await runStep(step, about, seen, doors);
    if (stopped !== null || !lastStepEnded(plan, seen)) break;
  }
  // What stands there before anything was begun says nothing of how this drive was left.
  const now = seen.length === 0 ? null : await doors.identify().catch(() => null);
  return { steps: seen, after: afterwards(plan, now), stopped };
}

/** What came back under this name after it was replugged is not what was worked on. */
function afterwards({ target }: PlanV2, now: Seen | null): ObservationsV2['after'] {
  if (now === null || now.sizeBytes === null || now.diskseq !== target.diskseq) return null;
  return { identity: now.identity, sizeBytes: now.sizeBytes };
}

async function whyNotBegin(
  index: number,
  { target, steps }: PlanV2,
  sizeBytes: number,
  { signal, identify }: WalkDoors,
): Promise<Reason | null> {
  if (signal.aborted) return STOPPED;
  const kind = steps[index]?.kind;
  if (index > 0 && kind !== undefined && !ALTERS.includes(kind)) return null;
  const now = await identify().catch(() => null);
  // A drive at work may not say how large it is. It does before anything alters it, or nothing does.
  const seen = kind === 'await-sanitize' && now ? { ...now, sizeBytes: now.sizeBytes ?? sizeBytes } : now;
  const [against] = stillConfirmed({ ...target, sizeBytes }, seen);
  return against ?? null;
}

/** Adds what was seen to `seen`. @returns why it ended before its end, where it said so */
async function runStep(
  step: PlanStep,
  about: StepAbout,
  seen: StepSeen[],
  doors: WalkDoors,
): Promise<Reason | null> {
  let why: Reason | null = null;
  const run = doors.runners[step.kind] as RunStep<PlanStep['kind']> | undefined;
  if (!run) return notKnown(step.kind);
  const giveUp = (reason: Reason): void => {
    why ??= reason;
  };
  const { kind } = step;
  const place = { index: about.index, of: about.plan.steps.length, kind };
  const progress = (told: Progress): void => doors.progress({ step: place, progress: told });
  if (!TELLS.includes(kind)) progress({ phase: 'begun', elapsedMs: 0 });
  try {
    const flushed = (bytes: number, skipped: number): void =>
      doors.flushed?.({ step: about.index, bytes, skipped });
    seen.push(await run(step, about, { ...doors, giveUp, progress, flushed }));
  } catch (error) {
    // The drive may have been altered: this becomes evidence, never an exception that loses it.
    return why ?? brokeOff(kind, error);
  }
  if (why === null && doors.signal.aborted && !lastStepEnded(about.plan, seen)) return STOPPED;
  return why;
}

/** Commands as they are given, the first 256 in full and all of them counted. */
export function commandLog(): {
  note: (command: Command) => void;
  all: () => { total: number; list: Command[] };
} {
  const log = { total: 0, list: [] as Command[] };
  return {
    note: (command) => {
      log.total += 1;
      if (log.list.length < 256) log.list.push(command);
    },
    all: () => ({ total: log.total, list: [...log.list] }),
  };
}

const STOPPED: Reason = {
  code: 'stopped-by-operator',
  fr: 'Le travail a été arrêté avant la fin, à la demande de l’opérateur.',
  en: 'The work was stopped before its end, as the operator asked.',
};

function notKnown(kind: PlanStep['kind']): Reason {
  return {
    code: 'step-not-known',
    fr: `Cet agent ne sait pas faire l’étape « ${STEP_NAMES[kind].fr} » du plan.`,
    en: `This agent does not know how to do the step “${STEP_NAMES[kind].en}” of the plan.`,
  };
}

function brokeOff(kind: PlanStep['kind'], error: unknown): Reason {
  const why = clip((error as NodeJS.ErrnoException).code ?? (error as Error).message, 200);
  return {
    code: 'step-broke-off',
    fr: `L’étape « ${STEP_NAMES[kind].fr} » s’est interrompue (${why}) : on ne sait pas ce qu’elle a fait.`,
    en: `The step “${STEP_NAMES[kind].en}” broke off (${why}): what it did is not known.`,
  };
}
