import type { BadSectors } from '../words/overwrite.ts';
import type { ObservationsV2, PlanV2 } from '../words/sanitize.ts';
import type { PlanStep, StepSeen } from '../words/steps.ts';
import type { Reason } from '../words/text.ts';
import { EMPTY_DRIVE, identityMissing, notTheSame } from './judge-reasons.ts';
import * as say from './judge-v2-reasons.ts';
import { placesOf, planFlaw, sizeAfter } from './plan-laws.ts';

type Findings = { wrong: Reason[]; missing: Reason[] };
type About = { plan: PlanV2; index: number; sizeBytes: number; seen: readonly StepSeen[] };
type Of<Kind extends StepSeen['kind']> = Extract<StepSeen, { kind: Kind }>;

/** Step by step: what was seen to be wrong, and what should have been seen and was not. */
export function findingsV2(plan: PlanV2, seen: ObservationsV2): Findings {
  const found: Findings = { wrong: [], missing: [] };
  const { steps, target } = plan;
  if (planFlaw(plan) !== null || seen.steps.length > steps.length) found.missing.push(say.FLAWED);
  if (seen.stopped) found.missing.push(seen.stopped);
  for (const [index, step] of steps.entries()) {
    const one = seen.steps[index];
    if (!one) {
      // One sentence for all steps that were not begun; a stop says more.
      if (!seen.stopped) found.missing.push(say.notBegun(step));
      break;
    }
    const sizeBytes = sizeAfter(target.sizeBytes, steps.slice(0, index));
    judgeStep(step, one, { plan, index, sizeBytes, seen: seen.steps }, found);
  }
  found.wrong.push(...notTheSame(target.identity, sizeDue(plan, seen), seen.after));
  found.missing.push(...identityMissing(seen.after));
  if (sizeAfter(target.sizeBytes, steps) === 0) found.missing.push(EMPTY_DRIVE);
  return found;
}

/** True when the last step that was seen leaves nothing to object to: only then does the plan go on. */
export function lastStepEnded(plan: PlanV2, seen: readonly StepSeen[]): boolean {
  const index = seen.length - 1;
  const [step, one] = [plan.steps[index], seen[index]];
  if (!step || !one) return false;
  const found: Findings = { wrong: [], missing: [] };
  const sizeBytes = sizeAfter(plan.target.sizeBytes, plan.steps.slice(0, index));
  judgeStep(step, one, { plan, index, sizeBytes, seen }, found);
  return found.wrong.length + found.missing.length === 0;
}

/** The size as it must be at the end of what was done: an area that was not revealed, or not for sure, changed nothing. */
function sizeDue({ target, steps }: PlanV2, { steps: seen, after }: ObservationsV2): number {
  const due = sizeAfter(target.sizeBytes, steps.slice(0, seen.length));
  const last = seen.findLast((step) => step.kind === 'reveal');
  if (last?.kind !== 'reveal' || last.sizeAfter !== null) return due;
  const before = sizeAfter(target.sizeBytes, steps.slice(0, seen.lastIndexOf(last)));
  return after?.sizeBytes === before ? before : due;
}

function judgeStep(step: PlanStep, seen: StepSeen, about: About, found: Findings): void {
  switch (step.kind) {
    case 'await-sanitize':
      if (seen.kind !== 'await-sanitize') return void found.missing.push(say.FLAWED);
      // It may end well yet; nothing of it is ours to judge.
      if (seen.runningAfter !== false)
        found.missing.push(seen.runningAfter === null ? say.RUNNING_UNKNOWN : say.STILL_RUNNING);
      return;
    case 'unfreeze':
      if (seen.kind !== 'unfreeze') return void found.missing.push(say.FLAWED);
      return expectFact(seen.frozenAfter, say.STILL_FROZEN, say.FREEZE_UNKNOWN, found);
    case 'unlock':
      if (seen.kind !== 'unlock') return void found.missing.push(say.FLAWED);
      return expectFact(seen.lockedAfter, say.STILL_LOCKED, say.LOCK_UNKNOWN, found);
    case 'reveal':
      if (seen.kind !== 'reveal') return void found.missing.push(say.FLAWED);
      return judgeReveal(step.realBytes, seen.sizeAfter, found);
    case 'remember':
      if (seen.kind !== 'remember') return void found.missing.push(say.FLAWED);
      if (seen.places < placesDue(step, about.sizeBytes)) found.missing.push(say.TOO_FEW_PLACES);
      return;
    case 'firmware':
      if (seen.kind !== 'firmware') return void found.missing.push(say.FLAWED);
      return judgeFirmware(seen, found);
    case 'compare':
      if (seen.kind !== 'compare') return void found.missing.push(say.FLAWED);
      return judgeComparison(seen, about, found);
    case 'scan':
      if (seen.kind !== 'scan') return void found.missing.push(say.FLAWED);
      return judgeScan(step.expect, seen, about, found);
    case 'overwrite':
      if (seen.kind !== 'overwrite') return void found.missing.push(say.FLAWED);
      return judgePass(step.resume?.fromBytes ?? null, seen, about, found);
    case 'read-back':
      if (seen.kind !== 'read-back') return void found.missing.push(say.FLAWED);
      return judgeReadBack(step, seen, about, found);
    default:
      return step satisfies never;
  }
}

function expectFact(still: boolean | null, wrong: Reason, missing: Reason, found: Findings): void {
  if (still === true) found.wrong.push(wrong);
  if (still === null) found.missing.push(missing);
}

/** In the target, and in each of the other namespaces. */
function placesDue(
  { sampling, others = [] }: Extract<PlanStep, { kind: 'remember' }>,
  sizeBytes: number,
): number {
  return [sizeBytes, ...others.map((each) => each.sizeBytes)].reduce(
    (sum, size) => sum + placesOf(sampling, size),
    0,
  );
}

function judgeReveal(due: number, size: number | null, found: Findings): void {
  if (size === null) found.missing.push(say.SIZE_UNKNOWN);
  else if (size !== due) found.wrong.push(say.stillHidden(due, size));
}

function judgeFirmware({ accepted, ended }: Of<'firmware'>, found: Findings): void {
  if (accepted === 'refused') return void found.wrong.push(say.REFUSED);
  if (accepted === 'unknown') found.missing.push(say.ACCEPTED_UNKNOWN);
  if (ended === 'failed') found.wrong.push(say.FAILED);
  if (ended === 'unknown') found.missing.push(say.END_UNKNOWN);
}

function judgeComparison(seen: Of<'compare'>, { plan, index, seen: all }: About, found: Findings): void {
  const left = Math.max(seen.unchanged, seen.unchangedOffsets.length);
  if (left > 0) found.wrong.push(say.dataLeft(left, seen.unchangedOffsets[0] ?? 0));
  if (seen.unreadable > 0) found.missing.push(say.placesUnreadable(seen.unreadable));
  const remembered = all.slice(0, index).findLast((each) => each.kind === 'remember');
  const due = remembered?.kind === 'remember' ? remembered.places - remembered.unreadable : 0;
  if (seen.places < due || seen.places === 0) found.missing.push(say.NOT_ALL_COMPARED);
  if (plan.mode === 'real' && !seen.direct) found.missing.push(say.FROM_CACHE);
}

function judgeScan(
  expect: 'blank' | 'anything',
  seen: Of<'scan'>,
  { plan, sizeBytes }: About,
  found: Findings,
): void {
  const [first] = seen.otherOffsets;
  if (expect === 'blank' && first !== undefined) found.wrong.push(say.notBlank(first));
  if (seen.unreadable.count > 0) found.missing.push(say.unreadableAfter(seen.unreadable));
  const blank = expect === 'anything' || seen.blankBytes === sizeBytes;
  if (seen.bytes !== sizeBytes || !blank) found.missing.push(say.notAllScanned(seen.bytes, sizeBytes));
  if (plan.mode === 'real' && !seen.direct) found.missing.push(say.FROM_CACHE);
}

function judgePass(
  planned: number | null,
  seen: Of<'overwrite'>,
  { sizeBytes }: About,
  found: Findings,
): void {
  // Taken up further on than the plan says, something was left out; it may begin earlier, the lengths of requests differ.
  const from = seen.resumedFrom ?? 0;
  if (from > (planned ?? 0)) found.missing.push(say.resumedElsewhere(from, planned));
  if (many(seen.bad) > 0) found.wrong.push(say.badSectors({ ...seen.bad, count: many(seen.bad) }));
  else if (seen.bytes !== sizeBytes) found.missing.push(say.notAllWritten(seen.bytes, sizeBytes));
  if (!seen.flushed) found.missing.push(say.NOT_FLUSHED);
}

function judgeReadBack(
  step: Extract<PlanStep, { kind: 'read-back' }>,
  seen: Of<'read-back'>,
  { plan, sizeBytes }: About,
  found: Findings,
): void {
  const differing = Math.max(seen.mismatchedSectors, seen.mismatches.length);
  if (differing > 0) found.wrong.push(say.differs(differing, seen.mismatches[0] ?? 0));
  const unread = many(seen.unreadable);
  if (unread > 0) found.wrong.push(say.unreadable({ ...seen.unreadable, count: unread }));
  const due = leastBytes(step.extent, sizeBytes);
  const all = seen.dueBytes >= due && seen.bytes === seen.dueBytes && seen.matchedBytes === seen.dueBytes;
  if (!all) found.missing.push(say.notAllReadBack(seen.matchedBytes, Math.max(due, seen.dueBytes)));
  if (plan.mode === 'real' && !seen.direct) found.missing.push(say.FROM_CACHE);
}

/** A count that is less than its own list is not believed. */
function many({ count, offsets }: BadSectors): number {
  return Math.max(count, offsets.length);
}

function leastBytes(extent: Extract<PlanStep, { kind: 'read-back' }>['extent'], sizeBytes: number): number {
  if (extent.kind === 'full') return sizeBytes;
  return Math.min(sizeBytes, placesOf(extent.sampling, sizeBytes) * extent.sampling.placeBytes);
}
