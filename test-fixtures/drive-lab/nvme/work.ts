// Work of a drive that takes time and can be interrupted: an erase, a self-test.
import type { LabClock } from '../lab-clock.ts';

export type Work = {
  /** From 0 to 1. */
  fraction(): number;
  /** Power is gone: it stands still. */
  pause(): void;
  resume(): void;
  cancel(): void;
};

export type WorkDescription = {
  clock: LabClock;
  milliseconds: number;
  /** The fraction that it never passes; 1 is its end. */
  stuckAt?: number;
  /** What happens on the way, each once, when that fraction is reached. */
  marks?: readonly { at: number; happens: () => void }[];
  done: () => void;
};

export function startWork({ clock, milliseconds, stuckAt = 1, marks = [], done }: WorkDescription): Work {
  const length = Math.max(1, milliseconds);
  const ahead = [...marks].filter(({ at }) => at <= stuckAt).sort((a, b) => a.at - b.at);
  let before = 0;
  let since: number | null = null;
  let disarm = (): void => {};
  let over = false;

  const fraction = (): number =>
    over ? 1 : Math.min(stuckAt, before + (since === null ? 0 : (clock.now() - since) / length));

  const pause = (): void => {
    before = fraction();
    since = null;
    disarm();
  };
  const resume = (): void => {
    if (since !== null || over) return;
    since = clock.now();
    arm();
  };
  const arm = (): void => {
    const next = ahead[0]?.at ?? 1;
    if (next > stuckAt) return;
    // A millisecond more, lest rounding finds it just before the mark.
    disarm = clock.after((next - fraction()) * length + 1, arrive);
  };
  const arrive = (): void => {
    const mark = ahead.shift();
    if (!mark) {
      over = true;
      done();
      return;
    }
    before = Math.max(mark.at, fraction());
    since = clock.now();
    arm();
    mark.happens();
  };

  resume();
  return { fraction, pause, resume, cancel: pause };
}
