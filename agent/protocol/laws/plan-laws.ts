import type { Pattern, Sampling } from '../words/overwrite.ts';
import type { Level, PlanV2, Verification } from '../words/sanitize.ts';
import type { PlanStep } from '../words/steps.ts';

const erases = ({ kind }: PlanStep): boolean => kind === 'overwrite' || kind === 'firmware';

/**
 * How far one need not take the drive's word: what is read back after the last step that erases. A read-back before it
 * says nothing of how the drive was left, and bytes that repeat can be made up by a drive that never wrote them: only
 * the keyed stream counts.
 */
export function verificationOf(steps: readonly PlanStep[]): Verification {
  const after = steps.slice(steps.findLastIndex(erases) + 1);
  const extents = after.flatMap((step) =>
    step.kind === 'read-back' && step.pattern.kind === 'keyed' ? [step.extent.kind] : [],
  );
  if (extents.includes('full')) return 'full-read-back';
  return extents.length > 0 ? 'sampled-read-back' : 'drive-reported';
}

/** The size that a drive must have once these steps were done. */
export function sizeAfter(sizeBytes: number, steps: readonly PlanStep[]): number {
  return steps.reduce((size, step) => (step.kind === 'reveal' ? step.realBytes : size), sizeBytes);
}

export type PlanFlaw =
  /** The technique that the level rests on is not among the steps, or another erases besides it. */
  | 'no-technique'
  /** What was written last is not read back as it was written. */
  | 'no-read-back'
  /** Nothing would show that a firmware technique changed anything. */
  | 'no-comparison'
  | 'thin-sample'
  /** An area is revealed after the erasing began, or a size becomes smaller. */
  | 'hidden-too-late'
  /** A sanitize of before is waited for after the work began: it would undo it, or pass for it. */
  | 'awaited-too-late'
  /** A pass is taken up where reading it back would not show what was written before. */
  | 'resumed-blindly';

/**
 * A plan whose end would not show what it claims: nothing follows from carrying it out. An overwrite must be read back
 * as it was last written; a firmware technique must be seen to change what was there, by itself.
 */
export function planFlaw(plan: PlanV2): PlanFlaw | null {
  const { technique, steps, target } = plan;
  const firmware = steps.filter((step) => step.kind === 'firmware');
  const named =
    technique === 'overwrite'
      ? firmware.length === 0 && steps.some(({ kind }) => kind === 'overwrite')
      : firmware.length === 1 && firmware[0]?.technique === technique;
  if (!named) return 'no-technique';
  if (revealsLate(target.sizeBytes, steps)) return 'hidden-too-late';
  if (steps.findLastIndex(({ kind }) => kind === 'await-sanitize') > 0) return 'awaited-too-late';
  if (technique !== 'overwrite' && !isCompared(steps)) return 'no-comparison';
  if (!resumesInSight(plan)) return 'resumed-blindly';
  return readBackFlaw(target.sizeBytes, steps);
}

/**
 * What an earlier session wrote, nobody saw being written in this one: all of it must be read back, as a keyed stream that
 * no drive can make up. Passes before it, and an area that was revealed since, would be out of sight.
 */
function resumesInSight({ steps, target }: PlanV2): boolean {
  const passes = steps.filter((step) => step.kind === 'overwrite');
  const resumed = passes.find(({ resume }) => resume !== undefined);
  if (resumed?.resume === undefined) return true;
  return (
    passes.length === 1 &&
    resumed.pattern.kind === 'keyed' &&
    resumed.resume.fromBytes <= target.sizeBytes &&
    !steps.some(({ kind }) => kind === 'firmware' || kind === 'reveal') &&
    verificationOf(steps) === 'full-read-back'
  );
}

const PREPARES: readonly PlanStep['kind'][] = ['await-sanitize', 'unfreeze', 'unlock', 'reveal'];

/** What is revealed after an overwrite was not overwritten; what shrinks leaves some of it out. */
function revealsLate(sizeBytes: number, steps: readonly PlanStep[]): boolean {
  const begins = steps.findIndex(({ kind }) => !PREPARES.includes(kind));
  return steps.some((step, index) => {
    if (step.kind !== 'reveal') return false;
    return index > begins || step.realBytes <= sizeAfter(sizeBytes, steps.slice(0, index));
  });
}

/** Remembered before the one firmware step and compared after it, with no overwrite between that would change things too. */
function isCompared(steps: readonly PlanStep[]): boolean {
  const at = steps.findIndex(({ kind }) => kind === 'firmware');
  const before = steps.slice(steps.slice(0, at).findLastIndex(erases) + 1, at);
  const next = steps.slice(at + 1).findIndex(erases);
  const after = next < 0 ? steps.slice(at + 1) : steps.slice(at + 1, at + 1 + next);
  return before.some(({ kind }) => kind === 'remember') && after.some(({ kind }) => kind === 'compare');
}

/** Each read-back is of the pass before it; the last pass has one, unless a firmware technique comes after it. */
function readBackFlaw(sizeBytes: number, steps: readonly PlanStep[]): 'no-read-back' | 'thin-sample' | null {
  const size = sizeAfter(sizeBytes, steps);
  let written: Pattern | null = null;
  let owed = false;
  for (const step of steps) {
    if (erases(step)) {
      written = step.kind === 'overwrite' ? step.pattern : null;
      owed = written !== null;
    }
    if (step.kind !== 'read-back') continue;
    if (written === null || !samePattern(written, step.pattern)) return 'no-read-back';
    if (step.extent.kind === 'sample' && isThin(size, step.extent.sampling)) return 'thin-sample';
    owed = false;
  }
  return owed ? 'no-read-back' : null;
}

function samePattern(one: Pattern, other: Pattern): boolean {
  const hexOf = (pattern: Pattern): string | null => (pattern.kind === 'bytes' ? pattern.hex : null);
  return hexOf(one) === hexOf(other);
}

/** Less than NIST SP 800-88r1 §4.7.2 asks for: 1,000 sections, two places in each, each 5 % of its section. */
function isThin(sizeBytes: number, { sections, placesPerSection, placeBytes }: Sampling): boolean {
  return sections < 1000 || placesPerSection < 2 || placeBytes * sections * 20 < sizeBytes;
}

/** Places that a sample has at least, in a drive of this size. */
export function placesOf({ sections, placesPerSection, placeBytes }: Sampling, sizeBytes: number): number {
  return Math.min(sections * placesPerSection, Math.floor(sizeBytes / placeBytes));
}

/** The levels in their order. */
export const LEVELS_IN_ORDER = ['none', 'clear', 'purge', 'destroy'] as const satisfies readonly Level[];

export function atLeast(level: Level, wanted: Level): boolean {
  return LEVELS_IN_ORDER.indexOf(level) >= LEVELS_IN_ORDER.indexOf(wanted);
}
