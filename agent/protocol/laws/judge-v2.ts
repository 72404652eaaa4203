import type { BadSectors } from '../words/overwrite.ts';
import type { ObservationsV2, PlanV2 } from '../words/sanitize.ts';
import type { PlanStep, StepSeen } from '../words/steps.ts';
import type { Reason } from '../words/text.ts';
import { counted } from './counted.ts';
import { EMPTY_DRIVE, identityMissing, notTheSame } from './judge-reasons.ts';
import { planFlaw, sizeAfter } from './plan-laws.ts';

type Findings = { wrong: Reason[]; missing: Reason[] };
type About = { plan: PlanV2; index: number; sizeBytes: number; seen: readonly StepSeen[] };

/** Step by step: what was seen to be wrong, and what should have been seen and was not. */
export function findingsV2(plan: PlanV2, seen: ObservationsV2): Findings {
  const found: Findings = { wrong: [], missing: [] };
  if (planFlaw(plan) !== null) found.missing.push(FLAWED);
  if (seen.stopped) found.missing.push(seen.stopped);
  for (const [index, step] of plan.steps.entries()) {
    const one = seen.steps[index];
    const about = {
      ...{ plan, index, seen: seen.steps },
      sizeBytes: sizeAfter(plan.target.sizeBytes, plan.steps.slice(0, index)),
    };
    // One sentence for all steps that were not begun.
    if (!one) {
      if (!seen.stopped) found.missing.push(notBegun(step));
      if (seen.steps.length === 0 && !seen.stopped) found.missing.push(NOTHING_SEEN);
      break;
    }
    judgeStep(step, one, about, found);
  }
  if (seen.steps.length > plan.steps.length) found.missing.push(FLAWED);
  const size = sizeAfter(plan.target.sizeBytes, plan.steps);
  found.wrong.push(...notTheSame(plan.target.identity, size, seen.after));
  found.missing.push(...identityMissing(seen.after));
  if (size === 0) found.missing.push(EMPTY_DRIVE);
  return found;
}

function judgeStep(step: PlanStep, seen: StepSeen, about: About, found: Findings): void {
  switch (step.kind) {
    case 'unfreeze':
      if (seen.kind !== 'unfreeze') return void found.missing.push(FLAWED);
      return expectFact(seen.frozenAfter, STILL_FROZEN, FREEZE_UNKNOWN, found);
    case 'unlock':
      if (seen.kind !== 'unlock') return void found.missing.push(FLAWED);
      return expectFact(seen.lockedAfter, STILL_LOCKED, LOCK_UNKNOWN, found);
    case 'reveal':
      if (seen.kind !== 'reveal') return void found.missing.push(FLAWED);
      return judgeReveal(step.realBytes, seen.sizeAfter, found);
    case 'remember':
      if (seen.kind !== 'remember') return void found.missing.push(FLAWED);
      if (seen.places === 0) found.missing.push(NO_PLACES);
      return;
    case 'firmware':
      if (seen.kind !== 'firmware') return void found.missing.push(FLAWED);
      return judgeFirmware(seen, found);
    case 'compare':
      if (seen.kind !== 'compare') return void found.missing.push(FLAWED);
      return judgeComparison(seen, about, found);
    case 'scan':
      if (seen.kind !== 'scan') return void found.missing.push(FLAWED);
      return judgeScan(step.expect, seen, about, found);
    case 'overwrite':
      if (seen.kind !== 'overwrite') return void found.missing.push(FLAWED);
      return judgePass(seen, about, found);
    case 'read-back':
      if (seen.kind !== 'read-back') return void found.missing.push(FLAWED);
      return judgeReadBack(step, seen, about, found);
    default:
      return step satisfies never;
  }
}

function expectFact(still: boolean | null, wrong: Reason, missing: Reason, found: Findings): void {
  if (still === true) found.wrong.push(wrong);
  if (still === null) found.missing.push(missing);
}

function judgeReveal(due: number, size: number | null, found: Findings): void {
  if (size === null) found.missing.push(SIZE_UNKNOWN);
  else if (size !== due) found.wrong.push(stillHidden(due, size));
}

function judgeFirmware(seen: Extract<StepSeen, { kind: 'firmware' }>, found: Findings): void {
  if (seen.accepted === 'refused') found.wrong.push(REFUSED);
  if (seen.accepted === 'unknown') found.missing.push(ACCEPTED_UNKNOWN);
  if (seen.accepted === 'refused') return;
  if (seen.ended === 'failed') found.wrong.push(FAILED);
  if (seen.ended === 'unknown') found.missing.push(END_UNKNOWN);
}

function judgeComparison(
  seen: Extract<StepSeen, { kind: 'compare' }>,
  { plan, index, seen: all }: About,
  found: Findings,
): void {
  if (seen.unchanged > 0) found.wrong.push(dataLeft(seen.unchanged, seen.unchangedOffsets[0] ?? 0));
  if (seen.unreadable > 0) found.missing.push(placesUnreadable(seen.unreadable));
  const remembered = all.slice(0, index).find((each) => each.kind === 'remember');
  const due = remembered?.kind === 'remember' ? remembered.places - remembered.unreadable : 0;
  if (seen.places < due || seen.places === 0) found.missing.push(NOT_ALL_COMPARED);
  if (plan.mode === 'real' && !seen.direct) found.missing.push(FROM_CACHE);
}

function judgeScan(
  expect: 'blank' | 'anything',
  seen: Extract<StepSeen, { kind: 'scan' }>,
  { plan, sizeBytes }: About,
  found: Findings,
): void {
  if (expect === 'blank' && seen.otherOffsets.length > 0)
    found.wrong.push(notBlank(seen.otherOffsets[0] ?? 0));
  if (seen.unreadable.count > 0) found.missing.push(unreadableAfter(seen.unreadable));
  const blank = expect === 'anything' || seen.blankBytes === sizeBytes;
  if (seen.bytes !== sizeBytes || !blank) found.missing.push(notAllScanned(seen.bytes, sizeBytes));
  if (plan.mode === 'real' && !seen.direct) found.missing.push(FROM_CACHE);
}

function judgePass(
  seen: Extract<StepSeen, { kind: 'overwrite' }>,
  { sizeBytes }: About,
  found: Findings,
): void {
  if (seen.bad.count > 0) found.wrong.push(badSectors(seen.bad));
  else if (seen.bytes !== sizeBytes) found.missing.push(notAllWritten(seen.bytes, sizeBytes));
  if (!seen.flushed) found.missing.push(NOT_FLUSHED);
}

function judgeReadBack(
  step: Extract<PlanStep, { kind: 'read-back' }>,
  seen: Extract<StepSeen, { kind: 'read-back' }>,
  { plan, sizeBytes }: About,
  found: Findings,
): void {
  if (seen.mismatchedSectors > 0) found.wrong.push(differs(seen.mismatchedSectors, seen.mismatches[0] ?? 0));
  if (seen.unreadable.count > 0) found.wrong.push(unreadable(seen.unreadable));
  const due = step.extent.kind === 'full' ? sizeBytes : Math.min(sizeBytes, leastOf(step.extent.sampling));
  const all = seen.dueBytes >= due && seen.bytes === seen.dueBytes && seen.matchedBytes === seen.dueBytes;
  if (!all) found.missing.push(notAllReadBack(seen.matchedBytes, Math.max(due, seen.dueBytes)));
  if (plan.mode === 'real' && !seen.direct) found.missing.push(FROM_CACHE);
}

function leastOf({
  sections,
  placesPerSection,
  placeBytes,
}: {
  sections: number;
  placesPerSection: number;
  placeBytes: number;
}): number {
  return sections * placesPerSection * placeBytes;
}

const FLAWED: Reason = {
  code: 'plan-flawed',
  fr: 'Le plan et ce qui en a été vu ne vont pas ensemble : il n’en suit rien.',
  en: 'The plan and what was seen of it do not fit together: nothing follows.',
};
const NOTHING_SEEN: Reason = {
  code: 'nothing-seen',
  fr: 'Rien n’a été vu de ce qui devait être fait.',
  en: 'Nothing was seen of what was to be done.',
};
const STILL_FROZEN: Reason = {
  code: 'still-frozen',
  fr: 'Le disque reste gelé par le micrologiciel de la machine, aussi après une mise en veille.',
  en: 'The drive stays frozen by the machine’s firmware, after a suspend too.',
};
const FREEZE_UNKNOWN: Reason = {
  code: 'freeze-unknown',
  fr: 'On n’a pas pu savoir si le disque est encore gelé.',
  en: 'Whether the drive is still frozen could not be found out.',
};
const STILL_LOCKED: Reason = {
  code: 'still-locked',
  fr: 'Le disque reste verrouillé par un mot de passe qui n’est pas le nôtre.',
  en: 'The drive stays locked by a password that is not ours.',
};
const LOCK_UNKNOWN: Reason = {
  code: 'lock-unknown',
  fr: 'On n’a pas pu savoir si le disque est encore verrouillé.',
  en: 'Whether the drive is still locked could not be found out.',
};
const SIZE_UNKNOWN: Reason = {
  code: 'size-not-read',
  fr: 'La taille du disque n’a pas pu être relue après l’ouverture de sa zone cachée.',
  en: 'The size of the drive could not be read again after its hidden area was opened.',
};
const NO_PLACES: Reason = {
  code: 'no-places',
  fr: 'Aucun endroit du disque n’a été lu avant : rien ne peut être comparé.',
  en: 'No place of the drive was read beforehand: nothing can be compared.',
};
const REFUSED: Reason = {
  code: 'technique-refused',
  fr: 'Le disque a refusé la commande : rien n’a été effacé par elle.',
  en: 'The drive refused the command: nothing was erased by it.',
};
const ACCEPTED_UNKNOWN: Reason = {
  code: 'acceptance-unknown',
  fr: 'On n’a pas pu savoir si le disque a pris la commande.',
  en: 'Whether the drive took the command could not be found out.',
};
const FAILED: Reason = {
  code: 'technique-failed',
  fr: 'Le disque dit lui-même que l’effacement a échoué.',
  en: 'The drive itself says that the erase failed.',
};
const END_UNKNOWN: Reason = {
  code: 'end-unknown',
  fr: 'Le disque n’a pas dit que l’effacement est fini et réussi.',
  en: 'The drive did not say that the erase has ended and succeeded.',
};
const NOT_ALL_COMPARED: Reason = {
  code: 'not-all-compared',
  fr: 'Les endroits lus avant n’ont pas tous été relus après.',
  en: 'Not all places that were read beforehand were read again afterwards.',
};
const FROM_CACHE: Reason = {
  code: 'read-from-cache',
  fr: 'La relecture est passée par la mémoire du système : elle ne prouve rien du disque.',
  en: 'The read-back went through the system’s own cache: it proves nothing of the drive.',
};
const NOT_FLUSHED: Reason = {
  code: 'not-flushed',
  fr: 'Le disque n’a pas confirmé avoir vidé son cache.',
  en: 'The drive did not confirm that its cache was flushed.',
};

function notBegun({ kind }: PlanStep): Reason {
  return {
    code: 'step-not-begun',
    fr: `Le plan n’a pas été mené à son terme : il s’arrête avant l’étape « ${kind} ».`,
    en: `The plan was not carried to its end: it stops before the step “${kind}”.`,
  };
}

function stillHidden(due: number, size: number): Reason {
  return {
    code: 'still-hidden',
    fr: `Le disque ne montre pas toute sa taille : ${size} octets au lieu de ${due}.`,
    en: `The drive does not show its whole size: ${size} bytes instead of ${due}.`,
  };
}

function dataLeft(count: number, first: number): Reason {
  return {
    code: 'data-left',
    fr: `Des données d’avant sont encore là : ${counted(count, 'fr', 'endroit', 'endroits')}, le premier à l’octet ${first}.`,
    en: `Data from before is still there: ${counted(count, 'en', 'place', 'places')}, the first at byte ${first}.`,
  };
}

function placesUnreadable(count: number): Reason {
  return {
    code: 'places-unreadable',
    fr: `Après l’effacement, ${counted(count, 'fr', 'endroit n’a pas pu être lu', 'endroits n’ont pas pu être lus')} : on ne sait pas ce qui s’y trouve.`,
    en: `After the erase ${counted(count, 'en', 'place could not be read', 'places could not be read')}: what is there is not known.`,
  };
}

function badSectors({ count, offsets, code }: BadSectors): Reason {
  const [at, why] = [offsets[0] ?? 0, code ?? '?'];
  return {
    code: 'bad-sectors',
    fr: `${counted(count, 'fr', 'secteur n’a pas pu être écrasé', 'secteurs n’ont pas pu être écrasés')}, le premier à l’octet ${at} (${why}) : ce qui s’y trouvait y est peut-être encore.`,
    en: `${counted(count, 'en', 'sector could not be overwritten', 'sectors could not be overwritten')}, the first at byte ${at} (${why}): what was there may still be there.`,
  };
}

function notBlank(first: number): Reason {
  return {
    code: 'not-blank',
    fr: `Après l’effacement, le disque n’est pas vide partout : il reste quelque chose, d’abord à l’octet ${first}.`,
    en: `After the erase the drive is not blank everywhere: something is left, first at byte ${first}.`,
  };
}

function unreadableAfter({ count, offsets }: BadSectors): Reason {
  const at = offsets[0] ?? 0;
  return {
    code: 'unreadable-after',
    fr: `Après l’effacement, ${counted(count, 'fr', 'secteur ne peut pas être lu', 'secteurs ne peuvent pas être lus')}, le premier à l’octet ${at} : on ne sait pas ce qui s’y trouve.`,
    en: `After the erase ${counted(count, 'en', 'sector cannot be read', 'sectors cannot be read')}, the first at byte ${at}: what is there is not known.`,
  };
}

function notAllScanned(bytes: number, due: number): Reason {
  return {
    code: 'not-all-scanned',
    fr: `${bytes} octets relus sur ${due} après l’effacement.`,
    en: `${bytes} of ${due} bytes read after the erase.`,
  };
}

function unreadable({ count, offsets, code }: BadSectors): Reason {
  const [at, why] = [offsets[0] ?? 0, code ?? '?'];
  return {
    code: 'read-error',
    fr: `${counted(count, 'fr', 'secteur n’a pas pu être relu', 'secteurs n’ont pas pu être relus')}, le premier à l’octet ${at} (${why}).`,
    en: `${counted(count, 'en', 'sector could not be read back', 'sectors could not be read back')}, the first at byte ${at} (${why}).`,
  };
}

function differs(count: number, first: number): Reason {
  return {
    code: 'read-back-differs',
    fr: `La relecture ne retrouve pas ce qui a été écrit : ${counted(count, 'fr', 'secteur', 'secteurs')}, le premier à l’octet ${first}.`,
    en: `Reading back does not find what was written: ${counted(count, 'en', 'sector', 'sectors')}, the first at byte ${first}.`,
  };
}

function notAllWritten(bytes: number, due: number): Reason {
  return {
    code: 'not-all-written',
    fr: `${bytes} octets écrits sur ${due}.`,
    en: `${bytes} of ${due} bytes written.`,
  };
}

function notAllReadBack(matched: number, due: number): Reason {
  return {
    code: 'not-all-read-back',
    fr: `${matched} octets relus et retrouvés sur ${due}.`,
    en: `${matched} of ${due} bytes read back and found.`,
  };
}
