import fc from 'fast-check';
import { JOURNAL_PART_TYPE, openAs, seal } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { json, refusal, sessionCredentials, standIn } from '../../../test-fixtures/stand-in-server.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { serverAt } from '../effects/network.ts';
import { journalLine } from '../parse/journal.ts';
import type { JournalRest } from './journal.ts';
import { leftOnServer, linesOf, mergeRests } from './left.ts';

const made = await makeWorkshop();
const { record } = await sampleRecord(made);

type Session = Awaited<ReturnType<typeof sessionCredentials>>;

const linesFor = ({ scope }: Session): string[] => {
  const { mode, machine, inventory, openedAt: at } = record;
  const opened = { event: 'opened' as const, sessionId: scope.sessionId, mode, machine, inventory, at };
  return [
    opened,
    ...['a', 'b'].map((digit) => ({ event: 'recorded' as const, digest: digit.repeat(64) })),
  ].map(journalLine);
};

async function part(
  { credentials, scope }: Session,
  from: number,
  lines: string[],
  signer = credentials.key,
) {
  const { sessionId, machineId } = scope;
  return await seal(
    JOURNAL_PART_TYPE,
    {
      schema: 'rebond.journal-part/1',
      audience: made.workshop.id,
      ...{ sessionId, machineId, from, lines },
      chain: credentials.chain,
    },
    signer,
  );
}

async function left(status: number, body: unknown, own?: Session) {
  const { credentials, scope } = own ?? (await sessionCredentials(made));
  await using http = await standIn((_, response) =>
    json(response, status, status === 200 ? { open: [], ...(body as object) } : body),
  );
  const server = serverAt(http.origin, null, 2000);
  const found = await leftOnServer(server, credentials, scope);
  await server.close();
  return found;
}

describe('journals that the server holds', () => {
  it('are put together from their parts, whatever their order, up to the first gap', async () => {
    const old = await sessionCredentials(made);
    const lines = linesFor(old);
    const parts = [await part(old, 1, lines.slice(1)), await part(old, 0, lines.slice(0, 2))];
    const { sessionId } = old.scope;
    expect(await left(200, { journals: [{ sessionId, parts }] })).toMatchObject({
      kind: 'answered',
      open: [],
      doubted: 0,
      rests: [{ sessionId, events: [{ event: 'opened' }, { event: 'recorded' }, { event: 'recorded' }] }],
    });
    const gap = [await part(old, 0, lines.slice(0, 1)), await part(old, 2, lines.slice(2))];
    expect(await left(200, { journals: [{ sessionId, parts: gap }] })).toMatchObject({
      rests: [{ events: [{ event: 'opened' }] }],
    });
  });

  it('believes no part of another workshop, machine or session, nor one that another key signed', async () => {
    const old = await sessionCredentials(made);
    const lines = linesFor(old);
    const stranger = await sessionCredentials(await makeWorkshop());
    const elsewhere = await sessionCredentials(made, 'm-autre', old.scope.sessionId);
    const another = await sessionCredentials(made);
    const sound = await part(old, 0, lines);
    const wrong = [
      await part({ credentials: stranger.credentials, scope: old.scope }, 0, lines),
      await part(elsewhere, 0, linesFor(elsewhere)),
      await part(another, 0, linesFor(another)),
      await part(old, 0, lines, another.credentials.key),
      { ...sound, signatures: (await part(old, 0, lines.slice(1))).signatures },
    ];
    for (const each of wrong) {
      const answer = await left(200, { journals: [{ sessionId: old.scope.sessionId, parts: [each] }] });
      expect(answer).toEqual({ kind: 'answered', open: [], rests: [], doubted: 1 });
    }
    expect(openAs(JOURNAL_PART_TYPE, sound).payload.lines).toHaveLength(3);
  });

  it('leaves out the session that asks, and tells refused from unreachable', async () => {
    const own = await sessionCredentials(made);
    const parts = [await part(own, 0, linesFor(own))];
    const mine = await left(200, { journals: [{ sessionId: own.scope.sessionId, parts }] }, own);
    expect(mine).toEqual({ kind: 'answered', open: [], rests: [], doubted: 0 });
    expect(await left(403, refusal('unknown-key'))).toMatchObject({ kind: 'refused', rests: [] });
    expect(await left(200, { journals: 'none' })).toMatchObject({ kind: 'unreachable', rests: [] });
    const nobody = serverAt('http://127.0.0.1:9', null, 300);
    const answer = await leftOnServer(nobody, own.credentials, own.scope);
    await nobody.close();
    expect(answer).toMatchObject({ kind: 'unreachable', rests: [] });
  });
});

describe('linesOf', () => {
  it('gives back the first lines of what was cut into parts, in any order, with any overlap, some lost', () => {
    const cuts = fc.array(fc.tuple(fc.nat(11), fc.integer({ min: 1, max: 6 })), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (pieces) => {
        const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
        const parts = pieces.map(([from, length]) => ({ from, lines: lines.slice(from, from + length) }));
        const found = linesOf(parts);
        expect(found).toEqual(lines.slice(0, found.length));
        const covered = (index: number): boolean =>
          parts.some((each) => each.from <= index && index < each.from + each.lines.length);
        const firstHole = lines.findIndex((_, index) => !covered(index));
        expect(found.length).toBe(firstHole < 0 ? 12 : firstHole);
      }),
    );
  });

  it('stops where two parts contradict each other', () => {
    expect(
      linesOf([
        { from: 0, lines: ['a', 'b'] },
        { from: 1, lines: ['x', 'c'] },
      ]),
    ).toEqual(['a', 'b']);
  });
});

describe('mergeRests', () => {
  it('keeps each session once, the longer one, the stick’s where they are equal', () => {
    const event = { event: 'recorded' as const, digest: 'a'.repeat(64) };
    const rests = (place: string) =>
      fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(4)), { selector: ([session]) => session }).map((list) =>
        list.map(([session, length]): JournalRest => ({
          sessionId: `s-${session}`,
          events: Array.from({ length }, () => event),
          digest: place,
        })),
      );
    fc.assert(
      fc.property(rests('stick'), rests('server'), (stick, server) => {
        const merged = mergeRests(stick, server);
        const sessions = [...stick, ...server].map(({ sessionId }) => sessionId);
        expect(merged.map(({ sessionId }) => sessionId).sort()).toEqual([...new Set(sessions)].sort());
        for (const { sessionId, events, digest } of merged) {
          const [mine, theirs] = [stick, server].map(
            (list) => list.find((each) => each.sessionId === sessionId)?.events.length ?? -1,
          ) as [number, number];
          expect(events.length).toBe(Math.max(mine, theirs));
          expect(digest).toBe(theirs > mine ? 'server' : 'stick');
        }
      }),
    );
  });
});
