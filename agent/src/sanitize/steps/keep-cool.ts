import { setTimeout as sleep } from 'node:timers/promises';
import type { Heat, Reason } from '@rebond/protocol';
import { afterReading, COOL, type HeatState } from '../../decide/heat.ts';
import type { Pausing } from '../engine/clockwork.ts';
import type { StepDoors, Warmth } from './step.ts';

/** How a step's work is kept from overheating its drive. */
export type Cooled = {
  /** As it is now; null where the drive does not say. */
  warmth: () => Warmth | null;
  /** Ends the watch. @returns what goes into the evidence; undefined where no reading was made */
  end: () => Heat | undefined;
};

/** Unread for this many times its usual pause, so that a drive that does not answer is not kept busy with questions. */
const UNREAD_FACTOR = 5;

/**
 * Reads the drive's temperature again and again while a step works on it: pauses the work at the limit, lets it go on
 * once the drive cooled down, and gives the drive up where it does not.
 * @param tooHot ends the work
 */
export function keepCool(
  { thermometer, monotonic, giveUp }: Pick<StepDoors, 'thermometer' | 'monotonic' | 'giveUp'>,
  work: Pausing,
  tooHot: () => void,
): Cooled {
  if (!thermometer) return { warmth: () => null, end: () => undefined };
  const { limits, everyMs, read } = thermometer;
  const over = new AbortController();
  let state: HeatState = COOL;
  let celsius: number | null = null;
  const look = async (): Promise<void> => {
    celsius = await read();
    if (over.signal.aborted) return;
    const { state: next, act } = afterReading(state, { celsius, at: monotonic() }, limits);
    state = next;
    if (act === 'pause') work.pause();
    if (act === 'go-on') work.resume();
    if (act !== 'give-up') return;
    giveUp(tooHotReason(celsius, limits.pauseAt));
    tooHot();
    over.abort();
  };
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await look();
      const pause = celsius === null && state.pausedSince === null ? everyMs * UNREAD_FACTOR : everyMs;
      await sleep(pause, undefined, { signal: over.signal, ref: false }).catch(() => {});
    }
  };
  void watch();
  return {
    warmth: () =>
      celsius === null && state.pausedSince === null
        ? null
        : { celsius, pausedUntil: state.pausedSince === null ? null : limits.goOnAt },
    end: () => {
      over.abort();
      return heatOf(state, limits, monotonic());
    },
  };
}

function heatOf(
  { highest, pauses, pausedMs, pausedSince }: HeatState,
  { pauseAt, source }: { pauseAt: number; source: string },
  now: number,
): Heat | undefined {
  if (highest === null) return undefined;
  const last = pausedSince === null ? 0 : now - pausedSince;
  const paused = Math.round(pausedMs + last);
  return { highest, limit: pauseAt, limitSource: source, pauses, pausedMs: paused };
}

function tooHotReason(celsius: number | null, limit: number): Reason {
  const [fr, en] = celsius === null ? ['non lue', 'not read'] : [`${celsius} °C`, `${celsius} °C`];
  return {
    code: 'too-hot',
    fr: `Le disque ne refroidit pas (${fr}, limite ${limit} °C) : il est abandonné. Aérez la machine, laissez-la refroidir, puis recommencez ; sinon mettez-le à part.`,
    en: `The drive does not cool down (${en}, limit ${limit} °C): it is given up. Give the machine air, let it cool, then begin again; else set it apart.`,
  };
}

/** A gate for work that is done in this process. */
export function pausable(): Pausing & { gate: (signal: AbortSignal) => Promise<void> } {
  let paused: PromiseWithResolvers<void> | null = null;
  return {
    pause: () => void (paused ??= Promise.withResolvers<void>()),
    resume: () => {
      paused?.resolve();
      paused = null;
    },
    gate: async (signal) => {
      if (paused === null || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve(), { once: true });
      await Promise.race([paused.promise, promise]);
    },
  };
}
