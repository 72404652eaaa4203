import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Seen } from '../db/schema.ts';
import { type Judged, standingOf } from './state.ts';

let order = 0;
function seen(kind: Seen, more: Partial<Judged> = {}): Judged {
  order += 1;
  return {
    ...{ recordDigest: String(order), place: 0, seen: kind, number: order, machineId: 'm-1' },
    ...{
      at: '2026-03-14T10:00:00.000Z',
      timeSource: 'rtc-unverified',
      receivedAt: '2026-03-14T10:00:00.000Z',
    },
    ...{ vouched: true, recordRejected: false, findingRejected: false },
    ...more,
  };
}
const told = (...sightings: Judged[]) => {
  const standing = standingOf(sightings);
  return standing && [standing.state, standing.cause];
};
const server = (at: string): Partial<Judged> => ({ at, timeSource: 'server' });

describe('how a drive stands', () => {
  it.each<[string, Judged[], unknown]>([
    ['nothing seen', [], null],
    ['only there', [seen('listed')], ['untouched', null]],
    ['left alone', [seen('untouched')], ['untouched', null]],
    ['a failure', [seen('failed')], ['quarantined', 'failed']],
    ['cut off', [seen('unknown')], ['quarantined', 'unknown']],
    [
      'a failure nobody vouches for counts as well',
      [seen('failed', { vouched: false })],
      ['quarantined', 'failed'],
    ],
    ['failed, then done', [seen('failed'), seen('done')], ['done', null]],
    ['done, then failed', [seen('done'), seen('failed')], ['quarantined', 'failed']],
    [
      'done where nobody vouches',
      [seen('unknown'), seen('done', { vouched: false })],
      ['quarantined', 'unknown'],
    ],
    ['the same alone', [seen('done', { vouched: false })], ['untouched', null]],
    ['done and rejected', [seen('done', { findingRejected: true })], ['quarantined', 'rejected']],
    ['a rejected record says nothing', [seen('failed', { recordRejected: true })], null],
    ['cannot be driven', [seen('undrivable')], ['quarantined', 'undrivable']],
    ['done, and dying since', [seen('done'), seen('undrivable')], ['done', null]],
    ['pulled out untouched', [seen('untouched'), seen('absent')], ['quarantined', 'vanished']],
    ['pulled out after it was done', [seen('done'), seen('absent')], ['done', null]],
    ['back after it vanished', [seen('vanished'), seen('listed')], ['quarantined', 'vanished']],
    ['refused after it failed', [seen('failed'), seen('untouched')], ['quarantined', 'failed']],
  ])('%s', (_name, sightings, due) => expect(told(...sightings)).toEqual(due));

  it('a success that is surely older than the failure does not release, however late it arrives', () => {
    const failed = seen('failed', server('2026-03-14T12:00:00.000Z'));
    expect(told(failed, seen('done', server('2026-03-14T09:00:00.000Z')))).toEqual(['quarantined', 'failed']);
    expect(told(failed, seen('done', server('2026-03-14T13:00:00.000Z')))).toEqual(['done', null]);
  });

  it('nor does a failure that is surely older undo a success', () => {
    const done = seen('done', server('2026-03-14T12:00:00.000Z'));
    expect(told(done, seen('failed', server('2026-03-14T09:00:00.000Z')))).toEqual(['done', null]);
    expect(told(done, seen('failed', { at: '2009-01-01T00:00:00.000Z' }))).toEqual(['quarantined', 'failed']);
  });
});

const KINDS: Seen[] = [
  'done',
  'failed',
  'unknown',
  'undrivable',
  'vanished',
  'untouched',
  'listed',
  'absent',
];
const anySighting = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    vouched: fc.boolean(),
    recordRejected: fc.boolean(),
    findingRejected: fc.boolean(),
    hour: fc.integer({ min: 10, max: 20 }),
    timeSource: fc.constantFrom('server' as const, 'rtc-unverified' as const),
  })
  .map(({ kind, hour, ...more }) => seen(kind, { ...more, at: `2026-03-14T${hour}:00:00.000Z` }));

describe('whatever is seen of a drive, in any order', () => {
  it('unknown is never done: it is done only by a vouched success that nobody rejected', () => {
    fc.assert(
      fc.property(fc.array(anySighting, { maxLength: 12 }), (sightings) => {
        const standing = standingOf(sightings);
        if (standing?.state !== 'done') return true;
        const { seen: kind, vouched, recordRejected, findingRejected } = standing.by;
        return kind === 'done' && vouched && !recordRejected && !findingRejected;
      }),
      { numRuns: 3000 },
    );
  });

  it('nothing but such a success, begun later as far as clocks tell, releases a failure', () => {
    fc.assert(
      fc.property(
        fc.array(anySighting, { maxLength: 8 }),
        fc.array(anySighting, { maxLength: 8 }),
        (before, after) => {
          const failure = seen('failed', server('2026-03-14T21:00:00.000Z'));
          const good = after.some(
            (each) => each.seen === 'done' && each.vouched && !each.recordRejected && !each.findingRejected,
          );
          const standing = standingOf([...before, failure, ...after]);
          return good || standing?.state === 'quarantined';
        },
      ),
      { numRuns: 3000 },
    );
  });
});
