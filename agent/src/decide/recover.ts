import {
  type Clock,
  type Evidence,
  judge,
  type Observations,
  type Reason,
  type SanitizePlan,
} from '@rebond/protocol';

const INTERRUPTED: Reason = {
  code: 'interrupted',
  fr: 'La machine ou l’agent s’est arrêté pendant le travail ; ce qui a été écrit n’a pas été relu.',
  en: 'The machine or the agent stopped during the work; what was written was not read back.',
};

export type Planned = { plan: SanitizePlan; keyHex: string; at: Clock };

/**
 * The evidence of a wipe that was cut off after it was planned: unknown, since nobody saw it end. What the session
 * had judged before the cut stands as it was.
 */
export function interruptedEvidence(
  { plan, keyHex, at }: Planned,
  journalSha256: string,
  tool: Evidence['tool'],
): Evidence {
  const observations: Observations = {
    written: null,
    flushed: false,
    readBack: null,
    after: null,
    stopped: INTERRUPTED,
  };
  return {
    schema: 'rebond.evidence/1',
    plan,
    observations,
    ...judge(plan, observations),
    tool,
    stream: { algorithm: 'aes-256-ctr', keyHex },
    startedAt: at,
    durationMs: null,
    journalSha256,
  };
}
