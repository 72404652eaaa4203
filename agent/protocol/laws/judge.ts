import type { DriveIdentity } from '../words/drive.ts';
import type { Evidence, Level, Observations, Outcome, SanitizePlan } from '../words/sanitize.ts';
import type { Reason } from '../words/text.ts';
import { achieves } from './achieves.ts';
import { counted } from './counted.ts';

export type Judgement = { outcome: Outcome; levelAchieved: Level; reasons: Reason[] };

/**
 * The outcome that follows from what was seen. `done` needs every link: all bytes written without an error, a flush
 * acknowledged, all bytes read back and equal, and the same drive at the end. What was seen to be wrong is `failed`;
 * what was not seen is `unknown`. The server runs this again on every record.
 */
export function judge(plan: SanitizePlan, seen: Observations): Judgement {
  const wrong = [...whatWentWrong(plan, seen)];
  if (wrong.length > 0) return { outcome: 'failed', levelAchieved: 'none', reasons: wrong };
  const missing = [...whatIsMissing(plan, seen)];
  if (missing.length > 0) return { outcome: 'unknown', levelAchieved: 'none', reasons: missing };
  return { outcome: 'done', levelAchieved: achieves(plan.technique, plan.target.medium).level, reasons: [] };
}

/** True when the conclusions of an evidence are those that `judge` draws from its observations. */
export function conclusionsFollow(evidence: Evidence): boolean {
  const law = judge(evidence.plan, evidence.observations);
  const expected = achieves(evidence.plan.technique, evidence.plan.target.medium);
  return (
    law.outcome === evidence.outcome &&
    law.levelAchieved === evidence.levelAchieved &&
    JSON.stringify(law.reasons) === JSON.stringify(evidence.reasons) &&
    expected.level === evidence.plan.levelExpected &&
    expected.clause === evidence.plan.clause
  );
}

export function sameIdentity(a: DriveIdentity, b: DriveIdentity): boolean {
  return a.transport === b.transport && a.model === b.model && a.serial === b.serial && a.wwid === b.wwid;
}

function* whatWentWrong({ target }: SanitizePlan, seen: Observations): Generator<Reason> {
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
  if (after && !sameIdentity(after.identity, target.identity)) {
    yield {
      code: 'identity-changed',
      fr: 'Le disque n’est plus celui qui a été confirmé : son identité a changé.',
      en: 'The drive is no longer the one that was confirmed: its identity changed.',
    };
  }
  if (after && after.sizeBytes !== target.sizeBytes) {
    yield {
      code: 'size-changed',
      fr: `La taille du disque a changé : ${target.sizeBytes} puis ${after.sizeBytes} octets.`,
      en: `The size of the drive changed: ${target.sizeBytes}, then ${after.sizeBytes} bytes.`,
    };
  }
}

function* whatIsMissing({ technique, target, mode }: SanitizePlan, seen: Observations): Generator<Reason> {
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
  if (target.sizeBytes === 0) {
    yield {
      code: 'empty-drive',
      fr: 'Le disque annonce une taille nulle.',
      en: 'The drive announces a size of zero.',
    };
  }
  if (!after) {
    yield {
      code: 'identity-not-checked',
      fr: 'L’identité du disque n’a pas pu être relue à la fin.',
      en: 'The identity of the drive could not be read again at the end.',
    };
  }
}
