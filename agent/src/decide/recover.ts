import {
  type Clock,
  type DriveCapabilities,
  type Evidence,
  judge,
  type ObservationsV1,
  type ObservationsV2,
  type Part,
  type Reason,
  type SanitizePlan,
} from '@rebond/protocol';

/** @param flushed bytes that the drive had confirmed */
function interrupted(flushed: number): Reason {
  const [fr, en] =
    flushed === 0
      ? ['', '']
      : [
          ` Les ${flushed} premiers octets étaient écrits et confirmés par le disque : la réécriture peut reprendre là.`,
          ` The first ${flushed} bytes were written and confirmed by the drive: the overwrite may be taken up there.`,
        ];
  return {
    code: 'interrupted',
    fr: `La machine ou l’agent s’est arrêté pendant le travail ; ce qui a été écrit n’a pas été relu.${fr}`,
    en: `The machine or the agent stopped during the work; what was written was not read back.${en}`,
  };
}

/** A plan as a journal has it; `capabilities` from plans of version 2 on. */
export type Planned = {
  plan: SanitizePlan;
  capabilities?: Part<DriveCapabilities> | undefined;
  keyHex: string;
  at: Clock;
  /** How far it may be taken up, in bytes; 0 or left out where it may not. */
  flushed?: number;
};

/** A journal of a plan of version 2 that does not say what the drive was asked: nothing may rest on it. */
const NOT_SAID: Part<DriveCapabilities> = {
  outcome: 'failed',
  failure: { code: 'unreadable', source: 'journal', detail: '' },
};

/**
 * The evidence of a wipe that was cut off after it was planned: unknown, since nobody saw it end. What the session
 * had judged before the cut stands as it was.
 */
export function interruptedEvidence(
  { plan, capabilities = NOT_SAID, keyHex, at, flushed = 0 }: Planned,
  journalSha256: string,
  tool: Evidence['tool'],
): Evidence {
  const stream = { algorithm: 'aes-256-ctr', keyHex } as const;
  const common = { tool, stream, startedAt: at, durationMs: null, journalSha256 };
  const ending = { after: null, stopped: interrupted(flushed) };
  if (plan.schema === 'rebond.plan/1') {
    const observations: ObservationsV1 = { written: null, flushed: false, readBack: null, ...ending };
    return {
      schema: 'rebond.evidence/1',
      plan,
      observations,
      ...judge({ plan, observations }),
      ...common,
    };
  }
  const observations: ObservationsV2 = { steps: [], ...ending };
  return {
    schema: 'rebond.evidence/2',
    plan,
    capabilities,
    observations,
    commands: { total: 0, list: [] },
    ...judge({ plan, observations, capabilities }),
    ...common,
  };
}
