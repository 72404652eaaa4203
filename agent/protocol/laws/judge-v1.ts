import type { ObservationsV1, PlanV1 } from '../words/sanitize.ts';
import type { Reason } from '../words/text.ts';
import { counted } from './counted.ts';
import { EMPTY_DRIVE, identityMissing, notTheSame } from './judge-reasons.ts';

/** Version 1: all bytes written without an error, a flush acknowledged, all bytes read back and equal, the same drive. */
export function findingsV1(plan: PlanV1, seen: ObservationsV1): { wrong: Reason[]; missing: Reason[] } {
  return { wrong: [...whatWentWrong(plan, seen)], missing: [...whatIsMissing(plan, seen)] };
}

function* whatWentWrong({ target }: PlanV1, seen: ObservationsV1): Generator<Reason> {
  const { written, readBack, after } = seen;
  if (written && written.errors.length > 0) {
    const at = written.errors[0]?.offset ?? 0;
    yield {
      code: 'write-error',
      fr: `Le disque a refusé une écriture, la première à l’octet ${at}.`,
      en: `The drive refused a write, the first at byte ${at}.`,
    };
  }
  if (readBack && readBack.errors.length > 0) {
    const at = readBack.errors[0]?.offset ?? 0;
    yield {
      code: 'read-error',
      fr: `Le disque n’a pas pu être relu, la première fois à l’octet ${at}.`,
      en: `The drive could not be read back, first at byte ${at}.`,
    };
  }
  if (readBack && readBack.mismatchedSectors > 0) {
    const at = readBack.mismatches[0] ?? 0;
    yield {
      code: 'read-back-differs',
      fr: `La relecture ne retrouve pas ce qui a été écrit : ${counted(readBack.mismatchedSectors, 'fr', 'secteur', 'secteurs')}, le premier à l’octet ${at}.`,
      en: `Reading back does not find what was written: ${counted(readBack.mismatchedSectors, 'en', 'sector', 'sectors')}, the first at byte ${at}.`,
    };
  }
  yield* notTheSame(target.identity, target.sizeBytes, after);
}

function* whatIsMissing({ technique, target, mode }: PlanV1, seen: ObservationsV1): Generator<Reason> {
  const { written, flushed, readBack, after, stopped } = seen;
  if (technique !== 'overwrite') {
    yield {
      code: 'technique-not-judged',
      fr: 'Cette version ne sait pas juger cette technique.',
      en: 'This version cannot judge this technique.',
    };
  }
  if (stopped) yield stopped;
  if (written?.bytes !== target.sizeBytes) {
    yield {
      code: 'not-all-written',
      fr: `${written?.bytes ?? 0} octets écrits sur ${target.sizeBytes}.`,
      en: `${written?.bytes ?? 0} of ${target.sizeBytes} bytes written.`,
    };
  }
  if (!flushed) {
    yield {
      code: 'not-flushed',
      fr: 'Le disque n’a pas confirmé avoir vidé son cache.',
      en: 'The drive did not confirm that its cache was flushed.',
    };
  }
  if (readBack?.bytes !== target.sizeBytes || readBack.matchedBytes !== target.sizeBytes) {
    yield {
      code: 'not-all-read-back',
      fr: `${readBack?.matchedBytes ?? 0} octets relus et retrouvés sur ${target.sizeBytes}.`,
      en: `${readBack?.matchedBytes ?? 0} of ${target.sizeBytes} bytes read back and found.`,
    };
  }
  if (mode === 'real' && readBack && !readBack.direct) {
    yield {
      code: 'read-from-cache',
      fr: 'La relecture est passée par la mémoire du système : elle ne prouve rien du disque.',
      en: 'The read-back went through the system’s own cache: it proves nothing of the drive.',
    };
  }
  if (target.sizeBytes === 0) yield EMPTY_DRIVE;
  yield* identityMissing(after);
}
