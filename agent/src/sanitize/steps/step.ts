import type { Command, PlanStep, PlanV2, Reason, StepSeen, Technique } from '@rebond/protocol';
import type { BlockWriter } from '../../effects/block.ts';
import type { Thermometer } from '../../probe/temperature.ts';

type Kind = PlanStep['kind'];
type StepOf<K extends Kind> = Extract<PlanStep, { kind: K }>;
export type SeenOf<K extends Kind> = Extract<StepSeen, { kind: K }>;

/** What a step may know of the plan around it. */
export type StepAbout = {
  plan: PlanV2;
  /** Place in the plan, from 0. */
  index: number;
  /** Of the drive as it must be when this step begins. */
  sizeBytes: number;
  /** Of the keyed stream. */
  keyHex: string;
  /** What was seen of the steps before it. */
  seen: readonly StepSeen[];
};

export type Progress =
  | {
      phase: 'write' | 'read-back' | 'scan';
      doneBytes: number;
      totalBytes: number;
      elapsedMs: number;
      /** Over the last seconds; left out where only the mean is known, null while nothing is. */
      bytesPerSecond?: number | null;
      /** Left out where the drive does not say. */
      warmth?: Warmth;
    }
  /** 0…100 as the drive says of itself, null where it says nothing. */
  | { phase: 'firmware'; percent: number | null; elapsedMs: number }
  /** Short: the step's name says it all. */
  | { phase: 'begun'; elapsedMs: 0 };

/** Degrees Celsius. While `pausedUntil` is not null the work is paused, until the drive is as cool as that. */
export type Warmth = { celsius: number | null; pausedUntil: number | null };

/** How far a plan is: which of its steps, from 0, and how far that one. */
export type StepProgress = { step: { index: number; of: number; kind: Kind }; progress: Progress };

/** How far the work on one drive is: told again and again. */
export type WorkProgress = StepProgress & { path: string; technique: Technique };

/** What every step is given; what only one kind needs is bound to its runner where the runners are put together. */
export type StepDoors = {
  /** The target, opened and claimed for as long as the plan runs. */
  writer: BlockWriter;
  /** Milliseconds. */
  monotonic: () => number;
  progress: (progress: Progress) => void;
  /** Null, or left out, where nobody knows how warm the drive is. */
  thermometer?: Thermometer | null;
  /** Aborted by the operator: a step returns what it saw so far, soon. */
  signal: AbortSignal;
  /** To be called for every command given to the drive. */
  command: (command: Command) => void;
  /** So much of the step's pass is on the drive for sure, `skipped` sectors left out. Left out where nobody keeps it. */
  flushed?: (bytes: number, skipped: number) => void;
  /** Says why this step ends before its end; the plan does not go on. */
  giveUp: (why: Reason) => void;
};

/** Carries out one step and returns what it saw. It decides nothing; what it throws ends the plan as unknown. */
export type RunStep<K extends Kind> = (
  step: StepOf<K>,
  about: StepAbout,
  doors: StepDoors,
) => Promise<SeenOf<K>>;

/** One file, and one row in a table of this type, for each kind of step. */
export type StepRunners = { readonly [K in Kind]?: RunStep<K> };
