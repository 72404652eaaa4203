import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import {
  journalKeeper,
  json,
  receiptFor,
  refusal,
  sessionCredentials,
  standIn,
} from '../../../test-fixtures/stand-in-server.ts';
import { makeWorkshop, type TestWorkshop } from '../../../test-fixtures/workshop.ts';
import { type DurableFolder, durableFolder } from '../effects/durable.ts';
import { serverAt } from '../effects/network.ts';
import { journalLine, soundLines } from '../parse/journal.ts';
import { type KeptJournal, openKeptJournal, type Places } from './kept-journal.ts';
import type { Opening } from './journal.ts';
import { NotKept } from './not-kept.ts';
import { batchOf } from './journal-part.ts';

const LIMITS = { stick: 2000, server: 400, close: 300, firstRetry: 20, lastRetry: 60, heartbeat: 40 };
const made = await makeWorkshop();
const { record } = await sampleRecord(made);
const line = (digit: string) => ({ event: 'recorded' as const, digest: digit.repeat(64) });

function openingOf(sessionId: string): Opening {
  const { mode, machine, inventory, openedAt: at } = record;
  return { event: 'opened', sessionId, mode, machine, inventory, at };
}

async function open(
  folder: DurableFolder | null,
  origin: string | null,
  workshop: TestWorkshop = made,
): Promise<{ journal: KeptJournal; sessionId: string; end: () => Promise<void> }> {
  const { credentials, scope } = await sessionCredentials(workshop);
  const server = origin === null ? null : serverAt(origin, null, 300);
  const places: Places = { folder, server: server && { server, credentials, scope } };
  try {
    const journal = await openKeptJournal(openingOf(scope.sessionId), places, LIMITS);
    const end = async (): Promise<void> => {
      await journal.close();
      await server?.close();
    };
    return { journal, sessionId: scope.sessionId, end };
  } catch (error) {
    await server?.close();
    throw error;
  }
}

async function until(state: () => boolean): Promise<void> {
  for (let tries = 0; !state(); tries += 1) {
    if (tries > 300) throw new Error('never came');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A stick that takes `sound` lines and then fails, as one that is pulled out. */
function pulledAfter(folder: DurableFolder, sound: number): DurableFolder {
  let taken = 0;
  return {
    ...folder,
    appendTo: async (name) => {
      const log = await folder.appendTo(name);
      return {
        ...log,
        line: async (text) => {
          if (taken >= sound) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
          taken += 1;
          await log.line(text);
        },
      };
    },
  };
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof NotKept ? error.code : `not NotKept: ${String(error)}`;
};

describe('a journal on the stick and on the server', () => {
  it('is on both, line by line, and says so', async () => {
    using scratched = scratch('kept');
    const folder = await durableFolder(scratched.path);
    const keeper = journalKeeper(made);
    await using http = await standIn(keeper.take);
    const { journal, sessionId, end } = await open(folder, http.origin);
    await journal.note(line('a'));
    expect(journal.keeping().stick).toBe('accepts');
    await until(() => journal.keeping().server === 'acknowledges');
    await end();
    const onStick = readFileSync(join(folder.path, `${sessionId}.jsonl`), 'utf8');
    expect(
      keeper.journals
        .get(sessionId)
        ?.lines.map((each) => `${each}\n`)
        .join(''),
    ).toBe(onStick);
    const sound = soundLines(new TextEncoder().encode(onStick));
    expect([sound.events.length, sound.digest]).toEqual([2, journal.digest()]);
  });

  it('does not wait for a silent server while the stick accepts, and sends all when it comes back', async () => {
    using scratched = scratch('kept');
    const keeper = journalKeeper(made);
    const first = await standIn(keeper.take);
    await first.close();
    const { journal, sessionId, end } = await open(await durableFolder(scratched.path), first.origin);
    await journal.note(line('a'));
    await journal.note(line('b'));
    expect(journal.keeping()).toEqual({ stick: 'accepts', server: 'silent' });
    await using _ = await standIn(keeper.take, first.port);
    await until(() => journal.keeping().server === 'acknowledges');
    expect(keeper.journals.get(sessionId)?.lines).toHaveLength(3);
    await end();
  });

  it('"acknowledges" is about now: it goes when the server does, although it held every line', async () => {
    using scratched = scratch('kept');
    const http = await standIn(journalKeeper(made).take);
    const { journal, end } = await open(await durableFolder(scratched.path), http.origin);
    await until(() => journal.keeping().server === 'acknowledges');
    await http.close();
    await until(() => journal.keeping().server !== 'acknowledges');
    expect(journal.keeping()).toEqual({ stick: 'accepts', server: 'silent' });
    await end();
  });

  it('goes on at the server when the stick is pulled, and never trusts the stick again', async () => {
    using scratched = scratch('kept');
    const keeper = journalKeeper(made);
    await using http = await standIn(keeper.take);
    const stick = pulledAfter(await durableFolder(scratched.path), 2);
    const { journal, sessionId, end } = await open(stick, http.origin);
    await journal.note(line('a'));
    await journal.note(line('b'));
    expect(journal.keeping()).toEqual({ stick: 'refuses', server: 'acknowledges' });
    expect(keeper.journals.get(sessionId)?.lines).toHaveLength(3);
    await end();
  });

  it('gives the server all lines again when it had lost some', async () => {
    const keeper = journalKeeper(made);
    await using http = await standIn(keeper.take);
    const { journal, sessionId, end } = await open(null, http.origin);
    await journal.note(line('a'));
    keeper.journals.clear();
    await journal.note(line('b'));
    expect(keeper.journals.get(sessionId)?.lines).toHaveLength(3);
    await end();
  });
});

describe('a line that nobody keeps', () => {
  it('without a stick or a server is refused', async () => {
    expect(await codeOf(open(null, null))).toBe('no-place');
  });

  it('is refused when the stick fails and there is no server, with the stick’s own error', async () => {
    using scratched = scratch('kept');
    const { journal, end } = await open(pulledAfter(await durableFolder(scratched.path), 1), null);
    const error: unknown = await journal.note(line('a')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'stick-failed', cause: { code: 'EIO' } });
    expect(journal.keeping()).toEqual({ stick: 'refuses', server: 'none' });
    await end();
  });

  it('is refused in bounded time when the server is down, and when it says no', async () => {
    await using http = await standIn((_, response) => json(response, 422, refusal('unknown-session')));
    expect(await codeOf(open(null, http.origin))).toBe('server-refused');
    await http.close();
    expect(await codeOf(open(null, http.origin))).toBe('server-silent');
  });

  it('is refused when the receipt is another session’s, for other lines, or signed by a stranger', async () => {
    const stranger = await makeWorkshop();
    const other = crypto.randomUUID();
    for (const answer of [
      () => receiptFor(made, other, [journalLine(openingOf(other))]),
      (sessionId: string) => receiptFor(made, sessionId, ['something else']),
      (sessionId: string) =>
        receiptFor(made, sessionId, [journalLine(openingOf(sessionId))], stranger.server.key),
      (sessionId: string) => receiptFor(stranger, sessionId, [journalLine(openingOf(sessionId))]),
    ]) {
      await using http = await standIn(async (_, response, body) => {
        const { payload } = JSON.parse(body.toString()) as { payload: string };
        const { sessionId } = JSON.parse(atob(payload)) as { sessionId: string };
        json(response, 200, await answer(sessionId));
      });
      expect(await codeOf(open(null, http.origin))).toBe('server-silent');
    }
  });
});

describe('a part', () => {
  it('holds lines in order, at least one, at most 64, and what an envelope takes', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 900_000 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(sizes, fc.nat(), (lengths, at) => {
        const lines = lengths.map((length, index) => String(index).padEnd(length, 'x'));
        const from = at % lines.length;
        const batch = batchOf(lines, from);
        expect(batch).toEqual(lines.slice(from, from + batch.length));
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(64);
        const bytes = batch.reduce((sum, each) => sum + each.length + 2, 0);
        expect(batch.length === 1 || bytes <= 1024 * 1024).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
