import {
  type Outcome,
  type Pattern,
  type Phrase,
  type PlanStep,
  type PlanV2,
  type Sampling,
  sizeAfter,
  STEP_NAMES,
  type StepSeen,
} from '@rebond/protocol';
import { TECHNIQUES } from './pdf-names.ts';
import { amount } from './pdf-words.ts';
import {
  amountOf,
  atBytes,
  badLines,
  count,
  heatLines,
  joined,
  type Line,
  offsets,
  same,
  time,
} from './step-text.ts';

/** One step of a plan in words: what it is, and what was seen of it. */
export type StepWords = { name: Phrase; lines: Line[] };

type Of<K extends StepSeen['kind']> = Extract<StepSeen, { kind: K }>;
type Step<K extends PlanStep['kind']> = Extract<PlanStep, { kind: K }>;

const NOT_BEGUN: Line = { fr: 'NON commencé', en: 'NOT begun', loud: true };
const NO_FIT: Line = {
  fr: 'ce qui a été vu n’est pas de cette étape',
  en: 'what was seen is not of this step',
  loud: true,
};

/** How it was verified may be said of what is done; of anything else only how it was to be. */
export function verificationLabel(outcome: Outcome): Phrase {
  return outcome === 'done'
    ? { fr: 'Vérification', en: 'Verification' }
    : { fr: 'Vérification prévue', en: 'Verification planned' };
}

/** Each step of the plan, those too that were never begun. */
export function stepWords(plan: PlanV2, seen: readonly StepSeen[]): StepWords[] {
  return plan.steps.map((step, index) => {
    const one = seen[index];
    const sizeBytes = sizeAfter(plan.target.sizeBytes, plan.steps.slice(0, index));
    return { name: nameOf(step), lines: one ? linesOf(step, one, sizeBytes) : [NOT_BEGUN] };
  });
}

function nameOf(step: PlanStep): Phrase {
  const name = STEP_NAMES[step.kind];
  switch (step.kind) {
    case 'firmware':
      return joined(name, TECHNIQUES[step.technique]);
    case 'reveal':
      return joined(name, same(step.area.toUpperCase()));
    case 'overwrite':
      return joined(name, patternWords(step.pattern));
    case 'read-back':
      return joined(name, step.extent.kind === 'full' ? EVERYTHING : A_SAMPLE);
    case 'await-sanitize':
    case 'unfreeze':
    case 'unlock':
    case 'remember':
    case 'compare':
    case 'scan':
      return name;
  }
}

const EVERYTHING: Phrase = { fr: 'tout le disque', en: 'the whole drive' };
const A_SAMPLE: Phrase = { fr: 'un échantillon', en: 'a sample' };

function patternWords(pattern: Pattern): Phrase {
  return pattern.kind === 'keyed'
    ? { fr: 'flux à clé', en: 'keyed stream' }
    : { fr: `octets ${pattern.hex}`, en: `bytes ${pattern.hex}` };
}

function linesOf(step: PlanStep, seen: StepSeen, sizeBytes: number): Line[] {
  switch (step.kind) {
    case 'await-sanitize':
      return seen.kind === 'await-sanitize' ? [factLine(seen.runningAfter, AWAITED, RUNNING)] : [NO_FIT];
    case 'unfreeze':
      return seen.kind === 'unfreeze' ? [factLine(seen.frozenAfter, THAWED, FROZEN)] : [NO_FIT];
    case 'unlock':
      return seen.kind === 'unlock' ? [factLine(seen.lockedAfter, UNLOCKED, LOCKED)] : [NO_FIT];
    case 'reveal':
      return seen.kind === 'reveal' ? [revealLine(step, seen, sizeBytes)] : [NO_FIT];
    case 'remember':
      return seen.kind === 'remember' ? rememberLines(step, seen) : [NO_FIT];
    case 'firmware':
      return seen.kind === 'firmware' ? firmwareLines(seen) : [NO_FIT];
    case 'compare':
      return seen.kind === 'compare' ? compareLines(seen) : [NO_FIT];
    case 'scan':
      return seen.kind === 'scan' ? scanLines(step, seen, sizeBytes) : [NO_FIT];
    case 'overwrite':
      return seen.kind === 'overwrite' ? passLines(seen, sizeBytes) : [NO_FIT];
    case 'read-back':
      return seen.kind === 'read-back' ? readBackLines(step, seen) : [NO_FIT];
  }
}

const AWAITED: Line = { fr: 'fini ; il ne compte pour rien ici', en: 'ended; it counts for nothing here' };
const RUNNING: Line = { fr: 'COURT ENCORE', en: 'STILL RUNS', loud: true };
const THAWED: Line = { fr: 'n’est plus gelé', en: 'no longer frozen' };
const FROZEN: Line = { fr: 'RESTE gelé', en: 'STILL frozen', loud: true };
const UNLOCKED: Line = { fr: 'n’est plus verrouillé', en: 'no longer locked' };
const LOCKED: Line = { fr: 'RESTE verrouillé', en: 'STILL locked', loud: true };
const NOT_READ: Line = { fr: 'l’état n’a pas pu être lu', en: 'the state could not be read', loud: true };

function factLine(still: boolean | null, freed: Line, held: Line): Line {
  return still === null ? NOT_READ : still ? held : freed;
}

function revealLine({ realBytes }: Step<'reveal'>, { sizeAfter: now }: Of<'reveal'>, before: number): Line {
  if (now === null) {
    return { fr: 'la taille n’a PAS été relue', en: 'the size was NOT read again', loud: true };
  }
  const [from, to] = [amount(before), amount(now)];
  const line = { fr: `${from.fr}, puis ${to.fr}`, en: `${from.en}, then ${to.en}` };
  return now === realBytes ? line : { ...line, loud: true };
}

function rememberLines({ sampling, others = [] }: Step<'remember'>, seen: Of<'remember'>): Line[] {
  const { places, unreadable } = seen;
  const numbers = others.map(({ nsid }) => nsid).join(', ');
  return [
    ...(others.length > 0
      ? [{ fr: `aussi dans les espaces de noms ${numbers}`, en: `in the namespaces ${numbers} too` }]
      : []),
    {
      fr: `${count(places)} endroits lus, ${count(unreadable)} illisibles`,
      en: `${count(places, ',')} places read, ${count(unreadable, ',')} unreadable`,
    },
    ...samplingLines(sampling),
  ];
}

/** With the seed anyone can find the places again. */
function samplingLines({ sections, placesPerSection, placeBytes, seedHex }: Sampling): Line[] {
  return [
    {
      fr: `${count(sections)} sections × ${placesPerSection} × ${count(placeBytes)} octets, tirés de la graine :`,
      en: `${count(sections, ',')} sections × ${placesPerSection} × ${count(placeBytes, ',')} bytes, drawn from the seed:`,
    },
    { ...same(seedHex), code: true },
  ];
}

function firmwareLines(seen: Of<'firmware'>): Line[] {
  const { accepted, ended, stateBefore, stateAfter, lastPercent, durationMs } = seen;
  const whole = accepted === 'accepted' && ended === 'succeeded';
  const [took, end] = [ACCEPTED[accepted], ENDED[ended]];
  const last = lastPercent === null ? same('') : percent(lastPercent);
  return [
    {
      fr: `${took.fr} ; ${end.fr}${last.fr} ; ${time(durationMs)}`,
      en: `${took.en}; ${end.en}${last.en}; ${time(durationMs)}`,
      loud: !whole,
    },
    {
      fr: `état lu avant : « ${stateBefore} » ; après : ${stateAfter === null ? 'NON lu' : `« ${stateAfter} »`}`,
      en: `state read before: “${stateBefore}”; after: ${stateAfter === null ? 'NOT read' : `“${stateAfter}”`}`,
    },
  ];
}

const ACCEPTED: Readonly<Record<Of<'firmware'>['accepted'], Phrase>> = {
  accepted: { fr: 'commande acceptée', en: 'command accepted' },
  refused: { fr: 'commande REFUSÉE', en: 'command REFUSED' },
  unknown: { fr: 'acceptation INCONNUE', en: 'acceptance UNKNOWN' },
};
const ENDED: Readonly<Record<Of<'firmware'>['ended'], Phrase>> = {
  succeeded: { fr: 'le disque déclare la réussite', en: 'the drive reports success' },
  failed: { fr: 'le disque déclare l’ÉCHEC', en: 'the drive reports FAILURE' },
  unknown: { fr: 'fin INCONNUE', en: 'end UNKNOWN' },
};

function percent(value: number): Phrase {
  const shown = value.toFixed(0);
  return { fr: ` (dernier avancement lu : ${shown} %)`, en: ` (last progress read: ${shown} %)` };
}

function compareLines(seen: Of<'compare'>): Line[] {
  const { places, unchanged, unchangedOffsets, unreadable, blankBefore, direct } = seen;
  return [
    {
      fr: `${count(places)} endroits relus : ${count(unchanged)} inchangés, ${count(unreadable)} illisibles ; ${count(blankBefore)} étaient déjà vides avant et ne montrent rien`,
      en: `${count(places, ',')} places read again: ${count(unchanged, ',')} unchanged, ${count(unreadable, ',')} unreadable; ${count(blankBefore, ',')} were blank before and show nothing`,
      loud: unchanged > 0 || unreadable > 0,
    },
    ...(unchanged > 0 ? [atBytes(unchangedOffsets, unchanged)] : []),
    ...(direct ? [] : [CACHED]),
  ];
}

function scanLines({ expect }: Step<'scan'>, seen: Of<'scan'>, sizeBytes: number): Line[] {
  const [read, blank] = [amountOf(seen.bytes, sizeBytes), amountOf(seen.blankBytes, sizeBytes)];
  const { otherOffsets, unreadable, direct } = seen;
  const other = expect === 'blank' && otherOffsets.length > 0;
  return [
    {
      fr: `lu : ${read.fr} ; vide : ${blank.fr} ; ${time(seen.durationMs)}`,
      en: `read: ${read.en}; blank: ${blank.en}; ${time(seen.durationMs)}`,
      loud: other || seen.bytes !== sizeBytes,
    },
    ...(other ? [atBytes(otherOffsets, otherOffsets.length)] : []),
    ...badLines(unreadable, { fr: 'secteurs ILLISIBLES', en: 'UNREADABLE sectors' }),
    ...heatLines(seen.heat),
    ...(direct ? [] : [CACHED]),
  ];
}

function passLines(seen: Of<'overwrite'>, sizeBytes: number): Line[] {
  const { bytes, bad, flushed, resumedFrom, durationMs } = seen;
  const cache = flushed ? FLUSHED : NOT_FLUSHED;
  const written = amountOf(bytes, sizeBytes);
  return [
    {
      fr: `écrit : ${written.fr} ; ${cache.fr} ; ${time(durationMs)}`,
      en: `written: ${written.en}; ${cache.en}; ${time(durationMs)}`,
      loud: !flushed || bytes !== sizeBytes,
    },
    ...(resumedFrom === null
      ? []
      : [
          {
            fr: `repris après une coupure, à l’octet ${count(resumedFrom)}`,
            en: `resumed after a cut, at byte ${count(resumedFrom, ',')}`,
          },
        ]),
    ...badLines(bad, { fr: 'secteurs NON écrits', en: 'sectors NOT written' }),
    ...heatLines(seen.heat),
  ];
}

const FLUSHED: Phrase = {
  fr: 'cache vidé, confirmé par le disque',
  en: 'cache flushed, confirmed by the drive',
};
const NOT_FLUSHED: Phrase = { fr: 'cache vidé : NON confirmé', en: 'cache flush NOT confirmed' };

function readBackLines({ extent }: Step<'read-back'>, seen: Of<'read-back'>): Line[] {
  const { dueBytes, bytes, matchedBytes, mismatches, mismatchedSectors, unreadable, direct } = seen;
  const matched = amountOf(matchedBytes, dueBytes);
  return [
    {
      fr: `relu, identique : ${matched.fr} ; ${time(seen.durationMs)}`,
      en: `read back, equal: ${matched.en}; ${time(seen.durationMs)}`,
      loud: matchedBytes !== dueBytes || bytes !== dueBytes,
    },
    ...(extent.kind === 'sample' ? samplingLines(extent.sampling) : []),
    ...(mismatchedSectors > 0
      ? [
          {
            fr: `secteurs DIFFÉRENTS : ${count(mismatchedSectors)}, aux octets ${offsets(mismatches, mismatchedSectors).fr}`,
            en: `sectors that DIFFER: ${count(mismatchedSectors, ',')}, at bytes ${offsets(mismatches, mismatchedSectors).en}`,
            loud: true,
          },
        ]
      : []),
    ...badLines(unreadable, { fr: 'secteurs ILLISIBLES', en: 'UNREADABLE sectors' }),
    ...heatLines(seen.heat),
    ...(direct ? [] : [CACHED]),
  ];
}

const CACHED: Line = {
  fr: 'à travers le cache du système, non contourné',
  en: 'through the system’s cache, which was not bypassed',
  loud: true,
};
