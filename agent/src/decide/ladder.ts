import {
  atLeast,
  type DriveCapabilities,
  expectedOf,
  LEGACY_SEQUENCES,
  LEVELS_IN_ORDER,
  type Level,
  type Mode,
  otherNamespaces,
  type Part,
  type Phrase,
  type PlanStep,
  type PlanV2,
  type Reason,
  type SanitizePolicy,
  type Target,
  type Technique,
  verificationOf,
} from '@rebond/protocol';
import { isShut, passwordSteps } from './ata-password.ts';
import * as say from './ladder-reasons.ts';
import { notCovered } from './not-covered.ts';
import { awaitSteps, sanitizeRuns } from './running-sanitize.ts';
import { nistSampling, spotSampling } from './spot-sampling.ts';

/** Of a technique, what choosing needs; the rows of `sanitize/techniques` have it. */
type Choosable = {
  technique: Technique;
  proven: boolean;
  rank: number;
  lacks: (capabilities: DriveCapabilities, target: Target) => Reason | null;
  expectedMs: (capabilities: DriveCapabilities) => number | null;
  before: (capabilities: DriveCapabilities) => ('unfreeze' | 'unlock')[];
  leaves: 'blank' | 'anything';
  notCovered: readonly Phrase[];
};

export type LadderFacts = {
  policy: SanitizePolicy;
  mode: Mode;
  sessionId: string;
  target: Target;
  capabilities: Part<DriveCapabilities>;
  techniques: readonly Choosable[];
  /** New for each call: a UUID, and 32 bytes in hexadecimal. */
  draw: { id: () => string; seed: () => string };
};

/** Plans in the order in which they would be tried. The first is what the operator confirms. */
export type Ladder = {
  rungs: readonly PlanV2[];
  /** What was not taken, and why: shown before anything runs. */
  passedOver: readonly { technique: Technique; reason: Reason }[];
};

/**
 * All that may be done to one drive, best first, everything decided. What follows a rung that failed is the next one: by
 * itself if it reaches the level that was confirmed, after a new confirmation if it does not, and never if the policy
 * knows no fallback.
 */
export function ladder(facts: LadderFacts): Ladder {
  const { policy, capabilities, techniques } = facts;
  const means = capabilities.outcome === 'read' ? capabilities.value : null;
  const passedOver: { technique: Technique; reason: Reason }[] = [];
  const candidates: Candidate[] = [];
  if (isShut(means)) passedOver.push({ technique: 'overwrite', reason: say.EXPIRED });
  else candidates.push(overwriteCandidate(facts, means));
  for (const row of policy.firmware ? techniques : []) {
    const reason = means === null ? say.MEANS_UNKNOWN : whyNot(row, means, facts);
    const made = reason === null && means !== null ? firmwareCandidate(row, means, facts) : null;
    if (made !== null && made.level !== 'none') candidates.push(made);
    else if (reason?.code !== 'other-interface')
      passedOver.push({ technique: row.technique, reason: reason ?? say.NO_LEVEL });
  }
  const [first, ...others] = candidates.toSorted(
    (a, b) => place(b.level) - place(a.level) || proof(a) - proof(b) || a.rank - b.rank,
  );
  if (first === undefined) return { rungs: [], passedOver };
  const plan = (each: Candidate): PlanV2 => planOf(each, facts, passedOver);
  const allowed = others.filter((each) => follows(each, first, policy));
  return { rungs: [plan(first), ...allowed.map(plan)], passedOver };
}

/**
 * The plan after one that did not succeed, and whether the operator must confirm it anew. A drive that a stranger's
 * password locks has none: each plan would try ours once more, and the drive counts wrong ones (ACS-4 §4.18.9).
 * @param why the reasons of that one's evidence
 */
export function nextRung(
  { rungs }: Ladder,
  tried: number,
  confirmed: Level,
  why: readonly Reason[],
): { plan: PlanV2; confirmAgain: boolean } | null {
  if (why.some(({ code }) => code === 'still-locked')) return null;
  const plan = rungs[tried];
  return plan ? { plan, confirmAgain: !atLeast(plan.levelExpected, confirmed) } : null;
}

type Candidate = {
  technique: Technique;
  rank: number;
  level: Level;
  clause: string;
  steps: PlanStep[];
  notCovered: readonly Phrase[];
};

/** Of two ways that reach the same level, the one that need not take the drive's word comes first. */
function proof({ steps }: Candidate): number {
  return PROOFS.indexOf(verificationOf(steps));
}

const PROOFS = ['full-read-back', 'sampled-read-back', 'drive-reported'];

function place(level: Level): number {
  return LEVELS_IN_ORDER.indexOf(level);
}

function follows(each: Candidate, first: Candidate, { fallback }: SanitizePolicy): boolean {
  switch (fallback) {
    case 'none':
      return false;
    case 'same-level':
      return atLeast(each.level, first.level);
    case 'lower-when-confirmed':
      return true;
  }
}

function whyNot(row: Choosable, means: DriveCapabilities, { target, policy }: LadderFacts): Reason | null {
  const lacking = row.lacks(means, target);
  if (lacking !== null) return lacking;
  if (!row.proven) return say.UNPROVEN;
  const expected = row.expectedMs(means);
  const { budgetMinutes } = policy;
  return budgetMinutes !== null && expected !== null && expected > budgetMinutes * MINUTE_MS
    ? say.overBudget(expected, budgetMinutes)
    : null;
}

const MINUTE_MS = 60_000;
/** Beyond them a plan has no level: the law asks for all. */
const MOST_OTHERS = 64;
/** Where the drive gives no estimate and the policy no budget. */
const LONGEST_MS = 24 * 60 * MINUTE_MS;

function firmwareCandidate(row: Choosable, means: DriveCapabilities, facts: LadderFacts): Candidate {
  const { policy, target } = facts;
  const expectedMs = row.expectedMs(means);
  const budgetMs = policy.budgetMinutes === null ? LONGEST_MS : policy.budgetMinutes * MINUTE_MS;
  const before = row.before(means);
  const reveals = revealSteps(means, target.sizeBytes);
  const size = reveals.at(-1)?.realBytes ?? target.sizeBytes;
  const sampling = spotSampling(size, target.logicalSectorBytes, facts.draw.seed());
  const others = otherNamespaces(means).slice(0, MOST_OTHERS);
  const firmware: PlanStep = {
    ...{ kind: 'firmware', technique: row.technique, expectedMs },
    // A drive may take three times what it promised; after that it is given up as unknown.
    patienceMs: Math.max(budgetMs, 3 * (expectedMs ?? 0)),
    stallMs: Math.round(policy.stallMinutes * MINUTE_MS),
  };
  const steps: PlanStep[] = [
    ...awaitSteps(means, policy),
    ...before.map((kind) => ({ kind })),
    ...reveals,
    { kind: 'remember', sampling, ...(others.length > 0 ? { others } : {}) },
    firmware,
    { kind: 'compare' },
    ...checksAfter(row, policy),
  ];
  return candidate(row.technique, row.rank, steps, row.notCovered, means, facts);
}

function checksAfter({ leaves }: Choosable, { afterFirmware }: SanitizePolicy): PlanStep[] {
  switch (afterFirmware) {
    case 'samples':
      return [];
    case 'scan':
      return [{ kind: 'scan', expect: leaves }];
    case 'overwrite-and-read-back':
      return [
        { kind: 'scan', expect: leaves },
        { kind: 'overwrite', pattern: KEYED },
        { kind: 'read-back', pattern: KEYED, extent: { kind: 'full' } },
      ];
  }
}

const KEYED = { kind: 'keyed' } as const;

/** Hidden areas first, in the order in which the drive gives them back: the HPA lies inside what the DCO leaves. */
function revealSteps(means: DriveCapabilities, sizeBytes: number): Reveal[] {
  if (means.interface !== 'ata') return [];
  const steps: Reveal[] = [];
  for (const area of ['ama', 'hpa', 'dco'] as const) {
    const found = means[area];
    // What the area before gave back already is no step of its own.
    const size = steps.at(-1)?.realBytes ?? sizeBytes;
    if (found.state === 'hidden' && found.realBytes > size)
      steps.push({ kind: 'reveal', area, realBytes: found.realBytes });
  }
  return steps;
}

type Reveal = Extract<PlanStep, { kind: 'reveal' }>;

function overwriteCandidate(facts: LadderFacts, means: DriveCapabilities | null): Candidate {
  const { policy, target } = facts;
  const passes = passesOf(facts);
  const last = passes.at(-1) ?? KEYED;
  const reveals = means === null ? [] : revealSteps(means, target.sizeBytes);
  const size = reveals.at(-1)?.realBytes ?? target.sizeBytes;
  const steps: PlanStep[] = [
    ...awaitSteps(means, policy),
    ...passwordSteps(means).map((kind) => ({ kind })),
    ...reveals,
    ...passes.map((pattern) => ({ kind: 'overwrite' as const, pattern })),
    {
      kind: 'read-back',
      pattern: last,
      extent:
        policy.readBack === 'full'
          ? { kind: 'full' }
          : { kind: 'sample', sampling: nistSampling(size, target.logicalSectorBytes, facts.draw.seed()) },
    },
  ];
  return candidate('overwrite', 90, steps, notCovered(target.medium, means), means, facts);
}

/** Removable flash needs a pattern and its complement (NIST SP 800-88r1 table A-8); the keyed pass shows that it is all there. */
function passesOf({ policy, target }: LadderFacts) {
  const legacy = LEGACY_SEQUENCES.find(({ id }) => id === policy.sequence);
  if (legacy) return legacy.passes;
  const twice = target.medium === 'usb-flash' || target.medium === 'sd-card';
  return twice
    ? [{ kind: 'bytes' as const, hex: '55' }, { kind: 'bytes' as const, hex: 'aa' }, KEYED]
    : [KEYED];
}

function candidate(
  technique: Technique,
  rank: number,
  steps: PlanStep[],
  uncovered: readonly Phrase[],
  means: DriveCapabilities | null,
  { mode, target }: LadderFacts,
): Candidate {
  const { level, clause } = expectedOf({ mode, technique, target, steps }, means);
  // In a rehearsal nothing is claimed, and still the best is tried first.
  const worth =
    mode === 'rehearsal' ? expectedOf({ mode: 'real', technique, target, steps }, means).level : level;
  return { technique, rank, level: worth, clause, steps, notCovered: uncovered };
}

function planOf(
  { technique, steps, notCovered: uncovered }: Candidate,
  facts: LadderFacts,
  passedOver: Ladder['passedOver'],
): PlanV2 {
  const { policy, mode, sessionId, target, capabilities, draw } = facts;
  const means = capabilities.outcome === 'read' ? capabilities.value : null;
  const { level, clause } = expectedOf({ mode, technique, target, steps }, means);
  return {
    schema: 'rebond.plan/2',
    planId: draw.id(),
    ...{ sessionId, mode, target, technique, levelRequested: policy.level, levelExpected: level, clause },
    notCovered: uncovered.slice(0, 16),
    reasons: reasonsFor(technique, level, facts, passedOver),
    policy: { id: policy.id, version: policy.version },
    verification: verificationOf(steps),
    steps,
  };
}

function reasonsFor(
  technique: Technique,
  level: Level,
  { policy, mode, capabilities }: LadderFacts,
  passedOver: Ladder['passedOver'],
): Reason[] {
  const reasons: Reason[] = [technique === 'overwrite' ? say.ONE_PASS : say.BEST];
  if (policy.sequence !== null && technique === 'overwrite') reasons.push(say.LEGACY);
  if (mode === 'real' && !atLeast(level, policy.level)) reasons.push(say.BELOW_REQUEST);
  if (capabilities.outcome === 'failed') reasons.push(say.MEANS_UNKNOWN);
  if (capabilities.outcome === 'read' && sanitizeRuns(capabilities.value)) reasons.push(say.AWAITS);
  for (const { technique: other, reason } of passedOver)
    reasons.push({ code: reason.code, fr: `${other} : ${reason.fr}`, en: `${other}: ${reason.en}` });
  return reasons.slice(0, 16);
}
