// Time inside a lab drive, in milliseconds of its own: an erase of 20 minutes need not take 20 minutes of a test.

export type Clock = {
  now(): number;
  /** Acts once so much time has passed; the answer takes that back. */
  after(ms: number, act: () => void): () => void;
};

/** @param factor how many times faster than the world a drive lives */
export function labClock(factor = 1): Clock {
  const began = performance.now();
  return {
    now: () => (performance.now() - began) * factor,
    after(ms, act) {
      const timer = setTimeout(act, Math.min(ms / factor, LONGEST_TIMER));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** A clock that a test moves. */
export function manualClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let waiting: { at: number; act: () => void }[] = [];
  return {
    now: () => now,
    after(ms, act) {
      const one = { at: now + ms, act };
      waiting.push(one);
      return () => void (waiting = waiting.filter((each) => each !== one));
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at);
        if (!next) break;
        waiting = waiting.filter((each) => each !== next);
        now = next.at;
        next.act();
      }
      now = until;
    },
  };
}

export const MINUTE = 60_000;
