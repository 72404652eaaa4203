// One sleep of the machine for all drives that wait for one: it takes the power from every drive, so that nothing else
// may be at work, and takes ten seconds.
import type { Run } from '../../../agent/src/effects/types.ts';

type Suspend = (run: Run) => Promise<boolean>;

export type SharedSuspend = {
  /** In place of the agent's own: the machine sleeps once all that is at work waits for it. */
  suspend: Suspend;
  /** Counts something as at work until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>;
};

export function sharedSuspend(suspend: Suspend): SharedSuspend {
  let atWork = 0;
  let waiting: { run: Run; woke: (slept: boolean) => void }[] = [];
  const sleepIfAllWait = (): void => {
    const [first] = waiting;
    if (first === undefined || waiting.length < atWork) return;
    const all = waiting;
    waiting = [];
    void suspend(first.run)
      .catch(() => false)
      .then((slept) => all.forEach(({ woke }) => woke(slept)));
  };
  return {
    suspend: (run) =>
      new Promise((woke) => {
        waiting.push({ run, woke });
        sleepIfAllWait();
      }),
    async during(work) {
      atWork += 1;
      try {
        return await work();
      } finally {
        atWork -= 1;
        sleepIfAllWait();
      }
    },
  };
}
