import type { Evidence, Reason, SanitizePlan } from '@rebond/protocol';
import { interruptedEvidence } from '../decide/recover.ts';
import { resumablesOf } from '../decide/resume.ts';
import type { ClockDoor } from '../effects/types.ts';
import type { JournalRest } from './journal.ts';
import type { RecordFacts } from './record.ts';

const CUT_OFF: Reason = {
  code: 'interrupted',
  fr: 'Cette session a été coupée ; la suivante rend compte ici de ce que son journal en dit.',
  en: 'This session was cut off; the next one gives account here of what its journal says of it.',
};

/** The facts of a session that was cut off, from its journal; null where not even its opening was written down. */
export function accountFacts(
  rest: JournalRest,
  own: { sessionId: string; sequence: number; clock: ClockDoor; tool: Evidence['tool'] },
): RecordFacts | null {
  const opened = rest.events.find((each) => each.event === 'opened');
  if (!opened) return null;
  const judged = rest.events.flatMap((each) => (each.event === 'judged' ? [each.evidence] : []));
  const planned = rest.events.flatMap((each) => (each.event === 'planned' ? [each] : []));
  const resumables = resumablesOf([rest.events]);
  const flushedBy = (plan: SanitizePlan): number =>
    resumables.find(({ planId }) => plan.schema === 'rebond.plan/2' && planId === plan.planId)?.bytes ?? 0;
  // By their names, for a plan that was not begun after all may have come before one that was judged.
  const ended = new Set(judged.map(({ plan, stream }) => nameOf(plan, stream?.keyHex)));
  const cut = planned
    .filter(({ plan, keyHex }) => !ended.has(nameOf(plan, keyHex)))
    .map((each) => interruptedEvidence({ ...each, flushed: flushedBy(each.plan) }, rest.digest, own.tool));
  return {
    sessionId: own.sessionId,
    sequence: own.sequence,
    accountOf: rest.sessionId,
    mode: opened.mode,
    machine: opened.machine,
    inventory: opened.inventory,
    refusals: [],
    sanitizations: [...judged, ...cut],
    // What was looked at after the drives is not in the journal.
    leftovers: null,
    checklist: null,
    remarks: [CUT_OFF],
    openedAt: opened.at,
    closedAt: own.clock.now(),
    durationMs: null,
    // What that session was started from is not in its journal: every drive counts.
    bootMedium: null,
  };
}

/** Version 1 had no name for a plan: each had a key of its own. */
function nameOf(plan: SanitizePlan, keyHex: string | undefined): string | undefined {
  return plan.schema === 'rebond.plan/1' ? keyHex : plan.planId;
}
