import type { DriveCapabilities, PlanStep, SanitizePolicy } from '@rebond/protocol';

/** By the drive's own word. A SANITIZE that lost its power goes on as soon as it has it again. */
export function sanitizeRuns(means: DriveCapabilities | null): boolean {
  switch (means?.interface) {
    case 'ata':
      return means.sanitize?.state === 'SD2';
    case 'nvme':
      return means.sanitize?.state === 'running';
    case 'scsi':
      return means.sanitize?.running === true;
    case 'plain':
    case undefined:
      return false;
  }
}

const MINUTE_MS = 60_000;
/** Where the policy has no budget. */
const LONGEST_MS = 24 * 60 * MINUTE_MS;

/** While it runs the drive neither reads nor writes nor takes another command: it is waited for before all else. */
export function awaitSteps(
  means: DriveCapabilities | null,
  { budgetMinutes, stallMinutes }: SanitizePolicy,
): PlanStep[] {
  if (!sanitizeRuns(means)) return [];
  const patienceMs = budgetMinutes === null ? LONGEST_MS : Math.round(budgetMinutes * MINUTE_MS);
  return [{ kind: 'await-sanitize', patienceMs, stallMs: Math.round(stallMinutes * MINUTE_MS) }];
}
