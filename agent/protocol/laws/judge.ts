import type { DriveCapabilities } from '../words/capabilities.ts';
import type { Part } from '../words/drive.ts';
import type {
  Evidence,
  Level,
  ObservationsV1,
  ObservationsV2,
  Outcome,
  PlanV1,
  PlanV2,
} from '../words/sanitize.ts';
import type { Reason } from '../words/text.ts';
import { achieves } from './achieves.ts';
import { planFollows } from './evidence-laws.ts';
import { capabilitiesOf, expectedOf } from './expected.ts';
import { findingsV1 } from './judge-v1.ts';
import { findingsV2 } from './judge-v2.ts';

export type Judgement = { outcome: Outcome; levelAchieved: Level; reasons: Reason[] };

/** What a judgement rests on: a plan, what was seen, and for version 2 what the drive said of its means. */
export type Case =
  | { plan: PlanV1; observations: ObservationsV1 }
  | { plan: PlanV2; observations: ObservationsV2; capabilities: Part<DriveCapabilities> };

/**
 * The outcome that follows from what was seen. `done` needs every link; what was seen to be wrong is `failed`; what was
 * not seen is `unknown`. The server runs this again on every record.
 */
export function judge(each: Case): Judgement {
  const { wrong, missing } = findings(each);
  if (wrong.length > 0) return { outcome: 'failed', levelAchieved: 'none', reasons: wrong.slice(0, 16) };
  if (missing.length > 0) return { outcome: 'unknown', levelAchieved: 'none', reasons: missing.slice(0, 16) };
  return { outcome: 'done', levelAchieved: expectedLevel(each), reasons: [] };
}

/** True when the conclusions of an evidence are those that `judge` draws from its observations. */
export function conclusionsFollow(evidence: Evidence): boolean {
  const law = judge(evidence);
  return (
    law.outcome === evidence.outcome &&
    law.levelAchieved === evidence.levelAchieved &&
    JSON.stringify(law.reasons) === JSON.stringify(evidence.reasons) &&
    (evidence.schema === 'rebond.evidence/1' ? planFollowsV1(evidence.plan) : planFollows(evidence))
  );
}

function planFollowsV1({ technique, target, levelExpected, clause }: PlanV1): boolean {
  const expected = achieves(technique, target.medium);
  return expected.level === levelExpected && expected.clause === clause;
}

function findings(each: Case): { wrong: Reason[]; missing: Reason[] } {
  return 'capabilities' in each
    ? findingsV2(each.plan, each.observations)
    : findingsV1(each.plan, each.observations);
}

function expectedLevel(each: Case): Level {
  if ('capabilities' in each) return expectedOf(each.plan, capabilitiesOf(each.capabilities)).level;
  return achieves(each.plan.technique, each.plan.target.medium).level;
}
