import type { DriveCapabilities, Phrase, Reason, StepSeen, Target, Technique } from '@rebond/protocol';
import type { Run, RunResult } from '../../effects/types.ts';

export type FirmwareSeen = Extract<StepSeen, { kind: 'firmware' }>;

/** What carrying out a technique may use. Every command given to the drive goes through `run`, which writes it down. */
export type FirmwareDoors = {
  run: Run;
  monotonic: () => number;
  wait: (ms: number) => Promise<void>;
  /** 0…100 as the drive says, null where it says nothing. */
  progress: (percent: number | null) => void;
  /** The operator gives up waiting: the drive goes on by itself, and the outcome is unknown. */
  signal: AbortSignal;
  patienceMs: number;
  stallMs: number;
};

/** What the code of a row does, in words for who reads the README's table. */
export type About = {
  /** What the drive must announce, and where. */
  needs: string;
  takes: string;
  /** How progress is read. */
  progress: string;
  /** How its end is proved, besides the places that are compared and the scan. */
  proof: string;
};

/** One way in which a drive erases itself. Adding one is one file, and its line in `index.ts`. */
export type TechniqueRow = {
  technique: Technique;
  /** False where no drive of the lab could show that it works: then it is off unless a policy names it. */
  proven: boolean;
  /** The order in which techniques of one level are tried, least first. */
  rank: number;
  /** Why this drive cannot, by what it says of its means; null where it can. */
  lacks: (capabilities: DriveCapabilities, target: Target) => Reason | null;
  /** What the drive expects it to take; null where it says nothing. */
  expectedMs: (capabilities: DriveCapabilities) => number | null;
  /** What has to be done before: an ATA drive may be frozen or locked. */
  before: (capabilities: DriveCapabilities) => ('unfreeze' | 'unlock')[];
  /** What a read finds afterwards. */
  leaves: 'blank' | 'anything';
  notCovered: readonly Phrase[];
  /** What to do with a drive in which it was interrupted. */
  interrupted: Phrase;
  about: About;
  run: (target: Target, capabilities: DriveCapabilities, doors: FirmwareDoors) => Promise<FirmwareSeen>;
};

/** Success and refusal by their text on both outputs; an exit status alone proves nothing. */
export function textOf(result: RunResult): { stdout: string; stderr: string } {
  if (result.kind !== 'exited' && result.kind !== 'timed-out') return { stdout: '', stderr: '' };
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { stdout: decode(result.stdout), stderr: decode(result.stderr) };
}

export type Polled<State> =
  | { kind: 'ended'; last: State; sawRunning: boolean; lastPercent: number | null }
  | { kind: 'gave-up'; why: 'patience' | 'stalled' | 'stopped' | 'silent'; lastPercent: number | null };

const EVERY_MS = 2000;
/** Polls follow each other closely at first, so that a fast erase is seen while it runs. */
const FIRST_MS = 100;
/** A drive that is busy may miss an answer or two; one that stays silent has gone. */
const SILENT_MS = 60_000;

/**
 * Asks again and again until the drive no longer says that it runs. Standing still, silence and being told to stop each
 * end the wait, never the erase.
 * @param look what the drive says; null where it does not answer
 */
export async function pollUntilEnded<State>(
  look: () => Promise<State | null>,
  runs: (state: State) => { running: boolean; percent: number | null },
  doors: FirmwareDoors,
): Promise<Polled<State>> {
  const began = doors.monotonic();
  let [moved, heard, sawRunning] = [began, began, false];
  let lastPercent: number | null = null;
  for (let pause = FIRST_MS; ; pause = Math.min(EVERY_MS, pause * 2)) {
    const state = await look();
    const now = doors.monotonic();
    if (state !== null) {
      heard = now;
      const { running, percent } = runs(state);
      if (!running) return { kind: 'ended', last: state, sawRunning, lastPercent };
      sawRunning = true;
      if (percent !== null && percent !== lastPercent) moved = now;
      lastPercent = percent ?? lastPercent;
      doors.progress(percent);
    }
    if (now - heard > Math.min(SILENT_MS, doors.stallMs))
      return { kind: 'gave-up', why: 'silent', lastPercent };
    if (now - began > doors.patienceMs) return { kind: 'gave-up', why: 'patience', lastPercent };
    if (lastPercent !== null && now - moved > doors.stallMs)
      return { kind: 'gave-up', why: 'stalled', lastPercent };
    if (doors.signal.aborted) return { kind: 'gave-up', why: 'stopped', lastPercent };
    await doors.wait(pause);
  }
}

export const MINUTE_MS = 60_000;
