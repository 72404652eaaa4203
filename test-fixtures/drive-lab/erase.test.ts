import { describe, expect, it } from 'vitest';
import { manualClock } from './clock.ts';
import { type Accident, startErase } from './erase.ts';
import { makeMedium } from './medium.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { makeStore } from './store.ts';

const SIZE = 100 * 4096;

function begin(misbehaviours: Misbehaviour[] = [], residue: 'zeros' | 'ones' = 'zeros') {
  const store = makeStore({ seed: 'erase', areas: { addressable: SIZE, spare: 4096 } });
  const medium = makeMedium(store, 512, misbehaviours);
  const clock = manualClock();
  const [accidents, ends]: [Accident[], string[]] = [[], []];
  const erase = startErase(
    {
      ranges: Object.values(store.areas),
      residue: { kind: residue },
      durationMs: 1000,
      visibleEnd: SIZE - 40960,
    },
    {
      ...{ clock, medium, misbehaviours, had: new Set() },
      accident: (which) => accidents.push(which),
      ended: (how) => ends.push(how),
    },
  );
  return { store, medium, clock, erase, accidents, ends, left: () => store.ownerLeft() };
}

describe('an erase', () => {
  it('goes from the first sector to the last, and reaches what is not addressable', () => {
    const { clock, erase, left, ends } = begin();
    clock.advance(500);
    expect(erase.progress()).toBe(0.5);
    expect(left().bytes).toBe((SIZE + 4096) / 2);
    clock.advance(500);
    expect([left().bytes, ends, erase.state()]).toEqual([0, ['done'], 'done']);
  });

  it('of a firmware that lies reports done, and the medium tells', () => {
    const told = (misbehaviour: Misbehaviour) => {
      const run = begin([misbehaviour]);
      run.clock.advance(1000);
      return { ends: run.ends, left: run.left(), first: run.medium.read(0, 1) };
    };
    expect(told({ kind: 'lies-done-erased-nothing' })).toMatchObject({
      ends: ['done'],
      left: { bytes: SIZE + 4096 },
    });
    expect(told({ kind: 'erased-half' }).left).toEqual({
      bytes: SIZE + 4096 - (SIZE - 40960) / 2,
      first: (SIZE - 40960) / 2,
    });
    expect(told({ kind: 'hpa-left' }).left).toEqual({ bytes: 40960 + 4096, first: SIZE - 40960 });
    const zeros = told({ kind: 'zeros-without-erasing' });
    expect(zeros.left.bytes).toBe(SIZE + 4096);
    expect(zeros.first.data!.equals(Buffer.alloc(512))).toBe(true);
    expect(told({ kind: 'unreadable-after-success' }).first.failedAt).toBe(0);
  });

  it('stays where it is stuck, for ever', () => {
    const { clock, erase, ends, left } = begin([{ kind: 'stuck-at', percent: 40 }]);
    clock.advance(1e9);
    expect([erase.progress(), ends]).toEqual([0.4, []]);
    expect(left().bytes).toBeGreaterThan(SIZE / 2);
  });

  it('means its 90 days', () => {
    const { clock, ends, erase } = begin([{ kind: 'endless-estimate' }]);
    clock.advance(86_400_000 * 45);
    expect([Math.round(erase.progress() * 100), ends]).toEqual([50, []]);
  });

  it('fails in the middle', () => {
    const { clock, ends, left, erase } = begin([{ kind: 'sanitize-failed-state' }]);
    clock.advance(2000);
    expect([ends, erase.state()]).toEqual([['failed'], 'failed']);
    expect(left().bytes).toBe((SIZE + 4096) / 2);
  });

  it('has its accident once, and goes on if nobody stops it', () => {
    const { clock, accidents, erase, ends } = begin([{ kind: 'power-lost-at', percent: 40 }]);
    clock.advance(400);
    expect(accidents).toEqual(['power-lost']);
    erase.stop();
    clock.advance(5000);
    expect([erase.progress(), ends, accidents.length]).toEqual([0.4, [], 1]);
  });

  it('leaves bad sectors as they are, and others unreadable afterwards', () => {
    const { clock, store, medium, left } = begin([
      { kind: 'bad-sectors', sectors: [3] },
      { kind: 'read-errors-on-read-back-only', sectors: [7] },
    ]);
    expect([medium.read(0, 8).failedAt, medium.read(7, 1).failedAt]).toEqual([3, undefined]);
    clock.advance(1000);
    expect(left()).toEqual({ bytes: 512, first: 3 * 512 });
    expect(store.ownerLeft({ start: 3 * 512, end: 4 * 512 }).bytes).toBe(512);
    expect([medium.read(4, 8).failedAt, medium.write(2, Buffer.alloc(1024))]).toEqual([7, 3]);
    expect(medium.write(7, Buffer.alloc(512))).toBeNull();
    expect(medium.read(7, 1).failedAt).toBe(7);
  });
});

describe('what reads answer', () => {
  it('from a stale cache is the data from before, until written or power-cycled', () => {
    const { clock, store, medium } = begin([{ kind: 'stale-cache' }]);
    const before = store.ownerData({ start: 0, end: 1024 });
    clock.advance(1000);
    expect(medium.read(0, 2).data!.equals(before)).toBe(true);
    expect(store.ownerLeft().bytes).toBe(0);
    medium.write(0, Buffer.alloc(512, 5));
    expect(medium.read(0, 2).data!.equals(Buffer.concat([Buffer.alloc(512, 5), before.subarray(512)]))).toBe(
      true,
    );
    medium.powerCycle();
    expect(medium.read(1, 1).data!.equals(Buffer.alloc(512))).toBe(true);
  });

  it('from deallocated sectors is zeros, while the data is still there', () => {
    const { medium, left } = begin();
    medium.unmap(0, 10);
    expect(medium.read(0, 10).data!.equals(Buffer.alloc(5120))).toBe(true);
    expect(left().bytes).toBe(SIZE + 4096);
  });

  it('of a drive that lies about writes is not what was written', () => {
    const written = Buffer.alloc(512, 9);
    const lies = begin([{ kind: 'lies-done-erased-nothing', on: 'everything' }]);
    expect([lies.medium.write(0, written), lies.left().bytes]).toEqual([null, SIZE + 4096]);
    const zeros = begin([{ kind: 'zeros-without-erasing', on: 'everything' }]);
    zeros.medium.write(0, Buffer.alloc(512));
    expect(zeros.medium.read(0, 1).data!.equals(Buffer.alloc(512))).toBe(true);
    expect(zeros.left().bytes).toBe(SIZE + 4096);
    zeros.medium.write(0, written);
    expect(zeros.left().first).toBe(512);
    const half = begin([{ kind: 'erased-half', on: 'everything' }]);
    half.medium.write(0, written);
    half.medium.write(SIZE / 512 - 1, written);
    expect(half.left()).toEqual({ bytes: SIZE + 4096 - 512, first: 512 });
  });
});
