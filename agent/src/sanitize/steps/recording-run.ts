import { createHash } from 'node:crypto';
import { clip, type Command } from '@rebond/protocol';
import type { Run, RunResult } from '../../effects/types.ts';

/** A door to programs that writes down every command given, how it ended, and the digest of what it printed. */
export function recordingRun(run: Run, note: (command: Command) => void, monotonic: () => number): Run {
  return async (argv, limits) => {
    const began = monotonic();
    const result = await run(argv, limits);
    note({
      argv: argv.slice(0, 32).map((word) => clip(word)),
      status: statusOf(result),
      durationMs: Math.round(monotonic() - began),
      outputSha256: outputDigest(result),
    });
    return result;
  };
}

function statusOf(result: RunResult): string {
  return result.kind === 'exited' ? `exit ${result.exitCode}` : result.kind;
}

function outputDigest(result: RunResult): string {
  const hash = createHash('sha256');
  if ('stdout' in result) hash.update(result.stdout).update(result.stderr);
  return hash.digest('hex');
}
