import { Medium } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterReading,
  COOL,
  COOLS_WITHIN_MS,
  heatLimits,
  type HeatLimits,
  type HeatState,
  PAUSED_AT_MOST_MS,
} from './heat.ts';

const media = fc.constantFrom(...Medium.options);
const degrees = fc.option(fc.integer({ min: -128, max: 255 }));
const own = fc.record({ recommended: degrees, critical: degrees });

describe('the limit of a drive', () => {
  it('is its own where it can be one', () => {
    expect(heatLimits('nvme', { recommended: 84, critical: 88 })).toMatchObject({ pauseAt: 84, goOnAt: 74 });
    expect(heatLimits('ata-hdd', { recommended: 57, critical: 70 })).toMatchObject({
      pauseAt: 57,
      goOnAt: 52,
    });
    expect(heatLimits('ata-ssd', { recommended: null, critical: 85 })).toMatchObject({ pauseAt: 80 });
  });

  it('is a default with its source where the drive says nothing, or nonsense', () => {
    for (const recommended of [null, 0, 127, 255, -128, 20]) {
      const limits = heatLimits('ata-hdd', { recommended, critical: recommended });
      expect(limits.pauseAt).toBe(60);
      expect(limits.source).toContain('default');
    }
    expect(heatLimits('nvme', { recommended: null, critical: null }).pauseAt).toBe(70);
  });

  it('never lets a drive work in what no drive bears, nor pauses it at the temperature of a room', () => {
    fc.assert(
      fc.property(media, own, (medium, says) => {
        const { pauseAt, goOnAt } = heatLimits(medium, says);
        expect(pauseAt).toBeGreaterThanOrEqual(45);
        expect(pauseAt).toBeLessThanOrEqual(100);
        expect(goOnAt).toBeLessThanOrEqual(pauseAt - 5);
        if (
          says.critical !== null &&
          says.recommended === null &&
          says.critical >= 50 &&
          says.critical <= 105
        )
          expect(pauseAt).toBeLessThan(says.critical);
      }),
    );
  });
});

type Reading = { celsius: number | null; after: number };
const readings = fc.array(
  fc.record({
    celsius: fc.option(fc.integer({ min: 20, max: 110 }), { freq: 4 }),
    after: fc.integer({ min: 1, max: 20 * 60_000 }),
  }),
  { maxLength: 60 },
);

/** All readings one after the other, until the drive is given up. */
function story(list: readonly Reading[], limits: HeatLimits) {
  let state: HeatState = COOL;
  let at = 0;
  const seen: {
    celsius: number | null;
    at: number;
    before: HeatState;
    state: HeatState;
    act: string | null;
  }[] = [];
  for (const { celsius, after } of list) {
    at += after;
    const before = state;
    const next = afterReading(before, { celsius, at }, limits);
    state = next.state;
    seen.push({ celsius, at, before, ...next });
    if (next.act === 'give-up') break;
  }
  return seen;
}

describe('after each reading', () => {
  const limits = heatLimits('ata-ssd', { recommended: 70, critical: null });

  it('a drive at its limit does not work, and one that is paused goes on only when it is known to be cool', () => {
    fc.assert(
      fc.property(readings, (list) => {
        for (const { celsius, before, state, act } of story(list, limits)) {
          if (celsius !== null && celsius >= limits.pauseAt) expect(state.pausedSince).not.toBeNull();
          if (act === 'go-on') expect(celsius).toBeLessThanOrEqual(limits.goOnAt);
          if (act === 'pause') expect(celsius).toBeGreaterThanOrEqual(limits.pauseAt);
          if (before.pausedSince === null && celsius === null) expect([act, state]).toEqual([null, before]);
          if (before.pausedSince !== null && celsius === null) expect(state.pausedSince).not.toBeNull();
        }
      }),
    );
  });

  it('pauses are counted and measured as they were, and the highest is the highest', () => {
    fc.assert(
      fc.property(readings, (list) => {
        const seen = story(list, limits);
        let [pausedMs, since] = [0, null as number | null];
        for (const { act, at } of seen) {
          if (act === 'pause') since = at;
          if (act === 'go-on' && since !== null) [pausedMs, since] = [pausedMs + at - since, null];
        }
        const last = seen.at(-1)?.state ?? COOL;
        const read = seen.flatMap(({ celsius }) => (celsius === null ? [] : [celsius]));
        expect(last.pausedMs).toBe(pausedMs);
        expect(last.pausedSince).toBe(since);
        expect(last.pauses).toBe(seen.filter(({ act }) => act === 'pause').length);
        expect(last.highest).toBe(read.length === 0 ? null : Math.max(...read));
      }),
    );
  });

  it('a drive is given up exactly when it is still too warm after as long as it may take, once or in all', () => {
    fc.assert(
      fc.property(readings, (list) => {
        for (const { celsius, at, before, act } of story(list, limits)) {
          const paused = before.pausedSince === null ? 0 : at - before.pausedSince;
          const cool = celsius !== null && celsius <= limits.goOnAt;
          const long = paused >= COOLS_WITHIN_MS || before.pausedMs + paused >= PAUSED_AT_MOST_MS;
          expect(act === 'give-up').toBe(before.pausedSince !== null && !cool && long);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('one that cools down again and again is not kept for ever', () => {
    const list: Reading[] = Array.from({ length: 60 }, (_, index) => ({
      celsius: index % 2 === 0 ? 75 : 50,
      after: 25 * 60_000,
    }));
    const hot = [...list.slice(0, 20), { celsius: 75, after: 1 }, { celsius: 69, after: 1 }];
    expect(story(hot, limits).at(-1)?.act).toBe('give-up');
  });
});
