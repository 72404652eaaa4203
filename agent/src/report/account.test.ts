import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { systemClock } from '../effects/clock.ts';
import type { JournalEvent } from '../parse/journal.ts';
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
});
