import type { DriveCapabilities } from '@rebond/protocol';
import type { Run } from '../../effects/types.ts';
import { parseSanitizeStatus } from '../../parse/hdparm-answers.ts';
import { parseSanitizeLog } from '../../parse/nvme-answers.ts';
import { parseSense } from '../../parse/sg-opcodes.ts';
import { pollUntilEnded, textOf } from '../techniques/technique.ts';
import { recordingRun } from './recording-run.ts';
import type { RunStep } from './step.ts';

export type AwaitDoors = {
  run: Run;
  wait: (ms: number) => Promise<void>;
  capabilities: DriveCapabilities | null;
  /** The size that the kernel knew of a drive at work may be none. */
  sizeAgain: (path: string) => Promise<number | null>;
};

type State = { state: string; running: boolean; percent: number | null };

/**
 * Waits for a SANITIZE that runs already, as the drive itself tells of it. What that one came to counts for nothing:
 * who began it, and with what, is not known.
 */
export function awaitSanitizeStep({
  run,
  wait,
  capabilities,
  sizeAgain,
}: AwaitDoors): RunStep<'await-sanitize'> {
  return async ({ patienceMs, stallMs }, { plan }, { command, monotonic, progress, signal }) => {
    const began = monotonic();
    const elapsed = (): number => Math.round(monotonic() - began);
    const noted = recordingRun(run, command, monotonic);
    const { path } = plan.target;
    const look = (): Promise<State | null> => stateOf(path, capabilities, noted);
    const before = await look();
    const polled = await pollUntilEnded(look, (state) => state, {
      ...{ run: noted, monotonic, wait, signal, patienceMs, stallMs },
      progress: (percent) => progress({ phase: 'firmware', percent, elapsedMs: elapsed() }),
    });
    await sizeAgain(path);
    const ended = polled.kind === 'ended';
    const stillRuns = polled.kind === 'gave-up' && polled.why === 'silent' ? null : !ended;
    return {
      ...{ kind: 'await-sanitize', runningAfter: stillRuns, stateBefore: before?.state ?? 'not read' },
      stateAfter: ended ? polled.last.state : null,
      ...{ lastPercent: polled.lastPercent, durationMs: elapsed() },
    };
  };
}

async function stateOf(path: string, means: DriveCapabilities | null, run: Run): Promise<State | null> {
  switch (means?.interface) {
    case 'ata': {
      const { stdout, stderr } = textOf(await run(['hdparm', '--sanitize-status', path]));
      const status = parseSanitizeStatus(stdout, stderr);
      return status && { ...status, running: status.state === 'SD2' };
    }
    case 'nvme': {
      const answer = await run(['nvme', 'sanitize-log', means.controller, '-o', 'json']);
      const log = parseSanitizeLog(textOf(answer).stdout);
      return log.kind === 'parsed' ? { ...log.value, running: log.value.state === 'running' } : null;
    }
    case 'scsi': {
      const answer = await run(['sg_requests', path]);
      const { stdout, stderr } = textOf(answer);
      // A tool that failed without a word is no drive that has nothing to report.
      if (answer.kind !== 'exited' || (answer.exitCode !== 0 && (stdout + stderr).trim() === '')) return null;
      const sense = parseSense(stdout + stderr);
      const running = sense.kind === 'running';
      return { state: sense.kind, running, percent: running ? sense.percent : null };
    }
    case 'plain':
    case undefined:
      return null;
  }
}
