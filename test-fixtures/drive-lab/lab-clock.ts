// The time that lab drives live in: faster than a bench's by a factor, or moved by a test's hand.

export type LabClock = {
  /** Milliseconds of the drive's time. */
  now(): number;
  /** Runs something later; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void;
};

const LONGEST_TIMER = 2 ** 31 - 1;

/** @param factor how many seconds a drive lives in one of ours */
export function fastClock(factor: number): LabClock {
  const began = performance.now();
  return {
    now: () => (performance.now() - began) * factor,
    after(milliseconds, run) {
      let timer: NodeJS.Timeout;
      // Node's timers end at once when they are asked to wait longer than 24.8 days.
      const arm = (left: number): void => {
        const next = Math.min(left, LONGEST_TIMER);
        timer = setTimeout(() => (left > next ? arm(left - next) : run()), next).unref();
      };
      arm(Math.max(0, milliseconds / factor));
      return () => clearTimeout(timer);
    },
  };
}

export type HandClock = LabClock & { pass(milliseconds: number): void };

/** Time stands still until the test lets it pass; what is due runs in its order, at its time. */
export function handClock(): HandClock {
  let now = 0;
  const due = new Set<{ at: number; run: () => void }>();
  const earliest = (until: number): { at: number; run: () => void } | undefined =>
    [...due].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(milliseconds, run) {
      const entry = { at: now + Math.max(0, milliseconds), run };
      due.add(entry);
      return () => void due.delete(entry);
    },
    pass(milliseconds) {
      const until = now + milliseconds;
      for (let next = earliest(until); next; next = earliest(until)) {
        due.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = until;
    },
  };
}
