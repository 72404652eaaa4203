// Time and order of one drive's work: pauses, the time spent working, progress, and when to give up.
import { type GiveUpLimits, whyGiveUp } from '../../decide/give-up.ts';
import { type Pace, withMark } from '../../decide/pace.ts';
import type { Halt } from './halt.ts';
import type { EngineProgress } from './job.ts';

export type Pausing = {
  pause: () => void;
  resume: () => void;
};

export type Clockwork = Pausing & {
  /** Milliseconds of work so far, pauses left out. */
  activeMs(): number;
  /** Resolves at once but while it is paused, and in any case when the work is ended. */
  gate(): Promise<void>;
  begin(phase: EngineProgress['phase'], pass: number, doneBytes: number, totalBytes: number): void;
  /** More of this phase is gone over. */
  done(bytes: number): void;
  bad(): void;
  close(): void;
};

type Doors = {
  monotonic: () => number;
  progress: (progress: EngineProgress) => void;
  halt: Halt;
  limits: GiveUpLimits;
  /** Of the whole job. */
  totalBytes: number;
};

/** How often progress is told and a drive that answers nothing at all is noticed. */
const TICK_MS = 500;

export function clockwork({ monotonic, progress, halt, limits, totalBytes }: Doors): Clockwork {
  const began = monotonic();
  let paused: { since: number; until: PromiseWithResolvers<void> } | null = null;
  let pausedMs = 0;
  let pace: Pace = [];
  let all = 0;
  let badSectors = 0;
  let phase = { phase: 'write' as EngineProgress['phase'], pass: 0, doneBytes: 0, totalBytes: 0 };

  const activeMs = (): number => monotonic() - began - pausedMs - (paused ? monotonic() - paused.since : 0);
  const tell = (): void =>
    progress({
      ...phase,
      leftBytes: Math.max(0, totalBytes - all),
      activeMs: activeMs(),
      paused: paused !== null,
      badSectors,
    });
  const look = (): void => {
    pace = withMark(pace, { activeMs: activeMs(), bytes: all }, limits.windowMs);
    const why = whyGiveUp(limits, badSectors, pace);
    if (why) halt.stop(why);
  };
  const tick = (): void => {
    if (!paused) look();
    tell();
  };
  const timer = setInterval(tick, Math.min(TICK_MS, limits.windowMs));

  return {
    activeMs,
    pause: () => {
      paused ??= { since: monotonic(), until: Promise.withResolvers<void>() };
    },
    resume() {
      if (!paused) return;
      pausedMs += monotonic() - paused.since;
      paused.until.resolve();
      paused = null;
    },
    async gate() {
      for (let each = paused; each && !halt.why(); each = paused)
        await Promise.race([each.until.promise, halt.ended]);
    },
    begin(name, pass, doneBytes, phaseBytes) {
      phase = { phase: name, pass, doneBytes, totalBytes: phaseBytes };
      // The read-back has a pace of its own.
      pace = [];
      tick();
    },
    done(bytes) {
      all += bytes;
      phase.doneBytes += bytes;
    },
    bad() {
      badSectors += 1;
      if (badSectors > limits.maxBadSectors) look();
    },
    close() {
      clearInterval(timer);
      tell();
    },
  };
}
