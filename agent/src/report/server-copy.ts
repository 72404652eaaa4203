import { createHash } from 'node:crypto';
import { type Said, sendPart, type Where } from './journal-part.ts';

/** Milliseconds. The last line is said again every `heartbeat`, so that "acknowledges" is about now. */
export type Pace = { firstRetry: number; lastRetry: number; heartbeat: number };

/** A journal's copy on the server. It is sent in the background, in order, again and again; nothing here rejects. */
export type ServerCopy = {
  add(line: string): void;
  state(): 'acknowledges' | 'silent' | 'refuses';
  /** Whether all lines added so far are on the server's disk, waiting for it at most so long. */
  held(withinMs: number): Promise<'held' | 'silent' | 'refused'>;
  stop(): void;
};

type Waiter = { lines: number; tell: (outcome: 'held' | 'silent' | 'refused') => void };

export function serverCopy(where: Where, pace: Pace): ServerCopy {
  const lines: string[] = [];
  const hash = createHash('sha256');
  const digests: string[] = [];
  let waiters: Waiter[] = [];
  let held = 0;
  let last: Said['kind'] = 'silent';
  const end = new AbortController();
  let started = false;
  let ring = (): void => {};

  const settle = (said: Said): void => {
    last = said.kind;
    if (said.kind === 'holds') held = said.lines;
    // The server lost lines that it had, as when an old copy of its data was put back: it gets all of them again.
    if (said.kind === 'gap') held = 0;
    const told = waiters.filter((each) => each.lines <= held || said.kind === 'refuses');
    waiters = waiters.filter((each) => !told.includes(each));
    for (const each of told) each.tell(each.lines <= held ? 'held' : 'refused');
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      ring = resolve;
      setTimeout(resolve, ms).unref();
    });
  const work = async (): Promise<void> => {
    let retry = pace.firstRetry;
    while (!end.signal.aborted) {
      const said = await sendPart(where, lines, digests, Math.min(held, lines.length - 1));
      settle(said);
      if (said.kind === 'holds') {
        retry = pace.firstRetry;
        if (held === lines.length) await pause(pace.heartbeat);
      } else {
        await pause(said.kind === 'refuses' ? pace.lastRetry : retry);
        retry = Math.min(retry * 2, pace.lastRetry);
      }
    }
  };

  return {
    add: (line) => {
      lines.push(line);
      digests.push(hash.update(`${line}\n`).copy().digest('hex'));
      ring();
      if (!started) void work();
      started = true;
    },
    state: () => {
      if (last === 'holds' && held === lines.length) return 'acknowledges';
      return last === 'refuses' ? 'refuses' : 'silent';
    },
    held: (withinMs) => {
      if (held >= lines.length) return Promise.resolve('held');
      ring();
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve('silent'), withinMs);
        waiters.push({
          lines: lines.length,
          tell: (outcome) => {
            clearTimeout(timer);
            resolve(outcome);
          },
        });
      });
    },
    stop: () => {
      end.abort();
      ring();
    },
  };
}
