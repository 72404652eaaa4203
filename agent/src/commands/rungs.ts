import {
  type Drive,
  type DriveCapabilities,
  type Evidence,
  type Mode,
  type Part,
  type PlanV2,
  POLICIES,
  printedNumber,
  type Reason,
  type SanitizePolicy,
  type Target,
} from '@rebond/protocol';
import { endingMatches, type Topology } from '../decide/eligibility.ts';
import { type Ladder, ladder, nextRung } from '../decide/ladder.ts';
import { resumeOf, rungAfter } from '../decide/resume.ts';
import { stillConfirmed } from '../decide/still-confirmed.ts';
import { openForOverwrite } from '../effects/block.ts';
import type { ClockDoor, Run } from '../effects/types.ts';
import { newStreamKey } from '../sanitize/key-stream.ts';
import { runPlan } from '../sanitize/run-plan.ts';
import type { StepEffects } from '../sanitize/steps/index.ts';
import type { WorkProgress } from '../sanitize/steps/step.ts';
import { TECHNIQUES } from '../sanitize/techniques/index.ts';
import type { Turns } from '../sanitize/turns.ts';
import type { Chosen } from '../session.ts';
import type { RealOrder } from './targets.ts';

export type Shared = {
  run: Run;
  topology: () => Promise<Topology>;
  progress: (work: WorkProgress) => void;
  signal: AbortSignal;
  tool: Evidence['tool'];
  effects: StepEffects;
};

/** @throws RangeError for a name that no policy has */
export function policyOf(id: string): SanitizePolicy {
  const found = POLICIES.find((policy) => policy.id === id);
  if (!found) throw new RangeError(`no policy is called ${id}`);
  return found;
}

export type Offer = {
  drive: Drive;
  capabilities: Part<DriveCapabilities>;
  ways: Ladder;
  /** The first of the ways: what the operator confirmed. */
  plan: PlanV2;
  typedEnding: string | null;
  /** What it shares with other drives, or itself. */
  device: string;
  /** The key of the overwrite that the first plan takes up; null where it takes up none. */
  keyHex: string | null;
};
export type JudgeOffer = (plan: PlanV2, topology: Topology) => Reason[];

type Around = {
  order: RealOrder;
  clock: ClockDoor;
  shared: Shared;
  judged: JudgeOffer;
  /**
   * Looking whether drives are free opens each of them exclusively for a moment: nobody else may look, or open his own
   * drive, just then, or he would take ours for another program's.
   */
  looking: Turns;
};

/** One plan for a confirmed drive, and what follows it if it does not succeed. */
export function chosenRung(offer: Offer, rung: number, plan: PlanV2, around: Around): Chosen {
  const { drive, ways, capabilities, device } = offer;
  const { order, clock, shared, judged, looking } = around;
  const identify = (): Promise<Drive | null> => order.readDrive(drive.path);
  const openTarget = () => looking.alone(() => openForOverwrite(drive.path, 'block'));
  // Another plan may have taken hours.
  const against = async (): Promise<Reason[]> => [
    ...(shared.signal.aborted ? [STOPPED] : []),
    ...(await order.since()),
    ...judged(plan, await shared.topology()),
    ...stillConfirmed(plan.target, await identify()),
  ];
  return {
    ...{ plan, device },
    against: () => looking.alone(against),
    run: (journal) => {
      const keyHex = resumeOf(plan) === null ? undefined : (offer.keyHex ?? undefined);
      return runPlan(plan, capabilities, { ...shared, clock, journal, openTarget, identify, keyHex });
    },
    next: async (evidence) => {
      if (evidence.outcome === 'done' || shared.signal.aborted) return null;
      const to = rungAfter(ways, rung, evidence.reasons);
      const after = nextRung(ways, to, offer.plan.levelExpected, evidence.reasons);
      if (after === null) return null;
      if (after.confirmAgain) {
        const typed = await order.confirmLower(drive, after.plan);
        if (!endingMatches(printedNumber(drive.identity), typed)) return null;
      }
      return chosenRung(offer, to, after.plan, around);
    },
    dispose: async () => {},
  };
}

export function laddersOf(
  mode: Mode,
  sessionId: string,
  target: Target,
  capabilities: Part<DriveCapabilities>,
  policy: SanitizePolicy,
): Ladder {
  const techniques = TECHNIQUES;
  const draw = { id: () => crypto.randomUUID(), seed: newStreamKey };
  return ladder({ policy, mode, sessionId, target, capabilities, techniques, draw });
}

const STOPPED: Reason = {
  code: 'stopped-by-operator',
  fr: 'L’opérateur a tout arrêté avant que ce disque ne soit touché.',
  en: 'The operator stopped everything before this drive was touched.',
};
