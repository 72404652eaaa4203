import { conclusionsFollow } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { EXAMPLES, KEY, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { interruptedEvidence } from '../decide/recover.ts';
import { systemClock } from '../effects/clock.ts';
import { type JournalEvent, journalLine, soundLines } from '../parse/journal.ts';
import { accountFacts } from './account.ts';

describe('the account of a session that was cut off', () => {
  it('calls a plan interrupted by its own key, whatever other plan was judged since', async () => {
    const { record } = await sampleRecord(await makeWorkshop());
    const { sessionId, mode, machine, inventory, openedAt: at } = record;
    const [evidence] = record.sanitizations;
    if (!evidence?.stream) throw new Error('the sample wipes nothing');
    const { keyHex } = evidence.stream;
    const events: JournalEvent[] = [
      { event: 'opened', sessionId, mode, machine, inventory, at },
      { event: 'planned', plan: evidence.plan, keyHex: 'ee'.repeat(32), at },
      { event: 'planned', plan: evidence.plan, keyHex, at },
      { event: 'judged', evidence },
    ];
    const own = { sessionId: crypto.randomUUID(), sequence: 0, clock: systemClock(), tool: evidence.tool };
    const facts = accountFacts({ sessionId, events, digest: '00'.repeat(32) }, own);
    const seen = facts?.sanitizations.map(({ stream, outcome }) => [stream?.keyHex, outcome]);
    expect(seen).toEqual([
      [keyHex, evidence.outcome],
      ['ee'.repeat(32), 'unknown'],
    ]);
  });

  it('knows plans of version 2 by their names, and says of one that was cut off what the law says', async () => {
    const { record } = await sampleRecord(await makeWorkshop());
    const { sessionId, mode, machine, inventory, openedAt: at } = record;
    const wishes = EXAMPLES['NVMe sanitize, samples'];
    const evidence = stepEvidence(stepPlan(wishes), wishes.means);
    const cut = { ...evidence.plan, planId: crypto.randomUUID() };
    const planned = { event: 'planned', capabilities: wishes.means, keyHex: KEY, at } as const;
    const lines = [
      { event: 'opened', sessionId, mode, machine, inventory, at } as const,
      { ...planned, plan: evidence.plan },
      { event: 'judged', evidence } as const,
      { ...planned, plan: cut },
      { event: 'flushed', planId: cut.planId, step: 0, bytes: 4096 } as const,
    ].map(journalLine);
    const { events, digest } = soundLines(Buffer.from(lines.map((line) => `${line}\n`).join('')));
    const own = { sessionId: crypto.randomUUID(), sequence: 0, clock: systemClock(), tool: evidence.tool };
    const [judged, left] = accountFacts({ sessionId, events, digest }, own)?.sanitizations ?? [];
    expect(judged).toEqual(evidence);
    expect(left).toMatchObject({
      schema: 'rebond.evidence/2',
      plan: cut,
      capabilities: wishes.means,
      outcome: 'unknown',
      reasons: [{ code: 'interrupted' }, { code: 'identity-not-checked' }],
    });
    expect(left && conclusionsFollow(left)).toBe(true);
  });

  it('rests on nothing that a journal does not say: what the drive can do', async () => {
    const { record } = await sampleRecord(await makeWorkshop());
    const wishes = EXAMPLES['overwrite, sampled'];
    const planned = { plan: stepPlan(wishes), keyHex: KEY, at: record.openedAt };
    const left = interruptedEvidence(planned, '00'.repeat(32), { name: 'rebond', version: '0' });
    expect(left).toMatchObject({ outcome: 'unknown', capabilities: { outcome: 'failed' } });
  });
});
