import {
  type DriveCapabilities,
  type Mode,
  type Part,
  type PlanV2,
  POLICIES,
  type Target,
} from '@rebond/protocol';
import { ladder } from '../agent/src/decide/ladder.ts';

/** What an agent plans for a drive that is overwritten: one keyed pass, read back in full. */
export function overwritePlan(order: {
  planId: string;
  sessionId: string;
  mode: Mode;
  target: Target;
  capabilities: Part<DriveCapabilities>;
}): PlanV2 {
  const { planId, ...facts } = order;
  const policy = POLICIES.find(({ id }) => id === 'overwrite')!;
  const draw = { id: () => planId, seed: () => '0'.repeat(64) };
  return ladder({ ...facts, policy, techniques: [], draw }).rungs[0]!;
}
