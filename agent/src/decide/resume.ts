import type { DriveIdentity, PlanV2, Reason, SanitizePlan, Target } from '@rebond/protocol';
import { sizeAfter } from '@rebond/protocol';
import type { JournalEvent, Resumable } from '../parse/journal.ts';
import type { Ladder } from './ladder.ts';

/**
 * The overwrites that journals of cut-off sessions show to have been under way, and how far each had come for sure. Of a
 * drive of which two of them speak differently nothing is taken up: which was the last one cannot be told.
 */
export function resumablesOf(journals: readonly (readonly JournalEvent[])[]): Resumable[] {
  const all = journals.flatMap(resumablesIn);
  const unlike = (one: Resumable, other: Resumable): boolean =>
    sameDrive(one.identity, other.identity) &&
    (one.planId !== other.planId || one.keyHex !== other.keyHex || one.bytes !== other.bytes);
  return all.filter(
    (one, index) =>
      !all.some((other) => unlike(one, other)) &&
      all.findIndex((other) => sameDrive(one.identity, other.identity)) === index,
  );
}

/** Whatever is planned on a drive makes what was known of it before worthless. */
function resumablesIn(events: readonly JournalEvent[]): Resumable[] {
  const found: Resumable[] = [];
  const forget = (identity: DriveIdentity): void => {
    const at = found.findIndex((each) => sameDrive(each.identity, identity));
    if (at >= 0) found.splice(at, 1);
  };
  for (const event of events) {
    if (event.event === 'left') {
      forget(event.resumable.identity);
      found.push({ ...event.resumable });
    }
    if (event.event === 'planned') {
      forget(event.plan.target.identity);
      const begun = begunBy(event);
      if (begun) found.push(begun);
    }
    if (event.event === 'judged') forget(event.evidence.plan.target.identity);
    if (event.event === 'flushed') {
      const own = found.find(({ planId }) => planId === event.planId);
      // Sectors that were skipped want to be tried again: that begins at 0.
      if (own && event.skipped !== undefined) forget(own.identity);
      else if (own && event.bytes >= own.bytes && event.bytes <= own.sizeBytes) own.bytes = event.bytes;
    }
  }
  return found.filter(({ bytes }) => bytes > 0);
}

function begunBy({ plan, keyHex, at }: Extract<JournalEvent, { event: 'planned' }>): Resumable | null {
  const pass = onePass(plan);
  if (pass === null || plan.schema === 'rebond.plan/1') return null;
  const { identity, sizeBytes, logicalSectorBytes } = plan.target;
  return {
    ...{ sessionId: plan.sessionId, planId: plan.planId, identity, logicalSectorBytes, keyHex, at },
    sizeBytes: sizeAfter(sizeBytes, plan.steps.slice(0, pass.index)),
    bytes: pass.step.resume?.fromBytes ?? 0,
  };
}

/** The overwrite of a plan that does nothing else: one keyed pass, and everything read back. */
function onePass(plan: SanitizePlan) {
  if (plan.schema === 'rebond.plan/1' || plan.technique !== 'overwrite') return null;
  const passes = plan.steps.flatMap((step, index) => (step.kind === 'overwrite' ? [{ step, index }] : []));
  const [only] = passes;
  const fits = passes.length === 1 && plan.verification === 'full-read-back';
  return only && fits && only.step.pattern.kind === 'keyed' ? only : null;
}

export type Match =
  | { kind: 'none' }
  | { kind: 'same'; resumable: Resumable }
  /** A cut-off overwrite bears this serial number, and still it is not of this drive as it stands here. */
  | { kind: 'other'; why: 'identity' | 'size' | 'sector' };

/** Whether one of them is of this very drive. A serial number alone is none: two drives may bear it. */
export function matchOf(resumables: readonly Resumable[], target: Target): Match {
  const { serial } = target.identity;
  const named = resumables.filter(({ identity }) => serial !== null && identity.serial === serial);
  const own = named.find(({ identity }) => sameDrive(identity, target.identity));
  if (own === undefined) return named.length === 0 ? { kind: 'none' } : { kind: 'other', why: 'identity' };
  if (own.sizeBytes !== target.sizeBytes) return { kind: 'other', why: 'size' };
  if (own.logicalSectorBytes !== target.logicalSectorBytes) return { kind: 'other', why: 'sector' };
  return { kind: 'same', resumable: own };
}

/**
 * The ladder with a cut-off overwrite taken up in its first plan, where that is the same overwrite of the same drive. The
 * plan that begins anew follows it, for it may turn out that the drive lost what it had flushed.
 */
export function withResume(ways: Ladder, match: Match, newId: () => string, mayFollow: boolean): Ladder {
  const [first, ...others] = ways.rungs;
  if (first === undefined || match.kind === 'none') return ways;
  const pass = onePass(first);
  if (pass === null) return ways;
  if (match.kind === 'other') return { ...ways, rungs: [told(first, NOT_RESUMED[match.why]), ...others] };
  if (first.steps.some(({ kind }) => kind === 'reveal')) return ways;
  const { sessionId, planId, bytes, at } = match.resumable;
  const steps = first.steps.map((step) =>
    step === pass.step ? { ...step, resume: { sessionId, planId, fromBytes: bytes } } : step,
  );
  const taken = told({ ...first, steps }, resumes(bytes, first.target.sizeBytes, at.wall));
  const anew = { ...first, planId: newId() };
  return { ...ways, rungs: [taken, ...(mayFollow ? [anew] : []), ...others] };
}

/** @returns the offset at which a plan takes up an earlier session's pass; null where it begins at 0 */
export function resumeOf(plan: PlanV2): number | null {
  return plan.steps.find((step) => step.kind === 'overwrite')?.resume?.fromBytes ?? null;
}

/**
 * The place of the plan to try after that at `tried`. To begin anew helps where the drive lost what it had written; a drive
 * that is dying, too hot or gone would only fail once more.
 */
export function rungAfter({ rungs }: Ladder, tried: number, why: readonly Reason[]): number {
  const plan = rungs[tried];
  const resumed = plan !== undefined && resumeOf(plan) !== null;
  const lost = why.length > 0 && why.every(({ code }) => code === 'read-back-differs');
  const anew = rungs[tried + 1];
  const follows = resumed && anew !== undefined && onePass(anew) !== null;
  return follows && !lost ? tried + 2 : tried + 1;
}

const IDENTITY = ['transport', 'model', 'serial', 'wwid'] as const;

function sameDrive(one: DriveIdentity, other: DriveIdentity): boolean {
  return IDENTITY.every((part) => one[part] === other[part]);
}

function told(plan: PlanV2, reason: Reason): PlanV2 {
  return { ...plan, reasons: [reason, ...plan.reasons].slice(0, 16) };
}

function resumes(bytes: number, sizeBytes: number, wall: string): Reason {
  const percent = Math.floor((bytes / Math.max(1, sizeBytes)) * 100);
  const when = wall.slice(0, 16).replace('T', ' ');
  return {
    code: 'resumes',
    fr: `Reprend la réécriture du ${when} (UTC), coupée à ${percent} % : même disque, même clé. Tout sera relu, depuis le premier octet.`,
    en: `Takes up the overwrite of ${when} (UTC), cut off at ${percent} %: same drive, same key. All of it will be read back, from the first byte.`,
  };
}

const NOT_RESUMED: Record<Extract<Match, { kind: 'other' }>['why'], Reason> = {
  identity: {
    code: 'not-resumed',
    fr: 'Une réécriture coupée porte ce numéro de série, mais sur un autre disque (branchement, modèle ou WWID) : celle-ci commence au début.',
    en: 'An overwrite that was cut off bears this serial number, but on another drive (attachment, model or WWID): this one begins at the beginning.',
  },
  size: {
    code: 'not-resumed',
    fr: 'Une réécriture coupée est de ce disque, mais il n’a plus la même taille : celle-ci commence au début.',
    en: 'An overwrite that was cut off is of this drive, but its size is another now: this one begins at the beginning.',
  },
  sector: {
    code: 'not-resumed',
    fr: 'Une réécriture coupée est de ce disque, mais ses secteurs n’ont plus la même taille : celle-ci commence au début.',
    en: 'An overwrite that was cut off is of this drive, but the size of its sectors is another now: this one begins at the beginning.',
  },
};
