import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeInventory } from '../../../test-fixtures/inventory.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { durableFolder } from '../effects/durable.ts';
import { soundLines } from '../parse/journal.ts';
import { openJournal } from './journal.ts';

it('drives that note at the same time leave whole lines, in the order in which they noted them', async () => {
  using folder = scratch('journal');
  const sessionId = crypto.randomUUID();
  const at = { wall: '2026-11-22T17:30:00.000Z', timeSource: 'server' } as const;
  const machine = { id: 'm-1', basis: 'dmi' } as const;
  const opening = {
    event: 'opened',
    sessionId,
    mode: 'real',
    machine,
    inventory: makeInventory({}),
    at,
  } as const;
  const journal = await openJournal(await durableFolder(folder.path), opening);
  const plans = Array.from({ length: 4 }, () => crypto.randomUUID());
  const events = Array.from({ length: 80 }, (_, index) => {
    const planId = plans[index % 4]!;
    return { event: 'flushed', planId, step: 0, bytes: index * 512 } as const;
  });
  await Promise.all(events.map((event) => journal.note(event)));
  const bytes = readFileSync(join(folder.path, `${sessionId}.jsonl`));
  const sound = soundLines(bytes);
  expect(sound.events.slice(1)).toEqual(events);
  expect(journal.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(sound.digest).toBe(journal.digest());
  await journal.close();
});
