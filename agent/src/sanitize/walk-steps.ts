import {
  clip,
  type Command,
  lastStepEnded,
  type ObservationsV2,
  type PlanStep,
  type PlanV2,
  type Reason,
  sameIdentity,
  sizeAfter,
  STEP_NAMES,
  type StepSeen,
} from '@rebond/protocol';
import type { RunStep, StepAbout, StepDoors, StepRunners } from './steps/step.ts';

/** Who the target is right now, read from the system again; null when it no longer answers. */
export type Identify = () => Promise<ObservationsV2['after']>;

export type WalkDoors = Omit<StepDoors, 'giveUp'> & { identify: Identify; runners: StepRunners };

/** What alters the drive: before each of these the identity is read again. */
const ALTERS: readonly PlanStep['kind'][] = ['unfreeze', 'unlock', 'reveal', 'firmware', 'overwrite'];

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
  const after = seen.length === 0 ? null : await doors.identify().catch(() => null);
  return { steps: seen, after, stopped };
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
  const same = now && sameIdentity(now.identity, target.identity) && now.sizeBytes === sizeBytes;
  return same ? null : notTheSame(index);
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
  try {
    seen.push(await run(step, about, { ...doors, giveUp }));
  } catch (error) {
    // The drive may have been altered: this becomes evidence, never an exception that loses it.
    return why ?? brokeOff(step.kind, error);
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

function notTheSame(index: number): Reason {
  const [fr, en] =
    index === 0
      ? ['Rien n’a été fait.', 'Nothing was done.']
      : ['Rien de plus n’a été fait.', 'Nothing more was done.'];
  return {
    code: 'not-the-same-drive',
    fr: `Au moment d’agir, ce n’était plus le disque confirmé. ${fr}`,
    en: `At the moment of acting it was no longer the confirmed drive. ${en}`,
  };
}

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
