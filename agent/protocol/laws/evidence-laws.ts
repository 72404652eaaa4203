import type { DriveCapabilities } from '../words/capabilities.ts';
import type { Part } from '../words/drive.ts';
import type { Evidence, EvidenceV2, PlanV2 } from '../words/sanitize.ts';
import { capabilitiesOf, expectedOf } from './expected.ts';
import { verificationOf } from './plan-laws.ts';

const LISTED_COMMANDS = 256;

/**
 * True when a plan says of itself what follows from its steps and from what the drive said of its means, and when what
 * is carried beside it is enough to look at it again: the key of a keyed stream, and no command left out of the list
 * while there was room.
 */
export function planFollows({
  plan,
  capabilities,
  commands: { total, list },
  stream,
}: Pick<EvidenceV2, 'commands' | 'stream'> & {
  plan: PlanV2;
  capabilities: Part<DriveCapabilities>;
}): boolean {
  const { level, clause } = expectedOf(plan, capabilitiesOf(capabilities));
  const keyed = plan.steps.some((step) => 'pattern' in step && step.pattern.kind === 'keyed');
  return (
    level === plan.levelExpected &&
    clause === plan.clause &&
    verificationOf(plan.steps) === plan.verification &&
    (stream !== null || !keyed) &&
    (total === list.length || (list.length === LISTED_COMMANDS && total > LISTED_COMMANDS))
  );
}

/**
 * The last attempt on each drive, with its place in the list: it says how the drive was left. Earlier ones are kept in
 * the record, and are not what the drive is judged by.
 */
export function lastAttempts(sanitizations: readonly Evidence[]): { evidence: Evidence; index: number }[] {
  const last = new Map(sanitizations.map(({ plan }, index) => [plan.target.path, index]));
  return sanitizations.flatMap((evidence, index) =>
    last.get(evidence.plan.target.path) === index ? [{ evidence, index }] : [],
  );
}
