import { execa } from 'execa';
import type { Run, RunResult } from './types.ts';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** Between SIGTERM and SIGKILL, and again before a process that no signal ends is left behind. */
const GRACE_MS = 1_000;
/** Disk tools live in sbin, which is not on the path of an ordinary user. */
const SBIN = '/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin';

/**
 * The one way to start a program: no shell, messages in English, nothing on its standard input. Defaults: 10 s, and
 * 4 MiB on each output. Never rejects; what went wrong is a kind of `RunResult`.
 */
export const run: Run = async ([program, ...args], limits = {}) => {
  const { timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, leaveRunning = false } = limits;
  if ([program, ...args].some((word) => word.includes('\0'))) {
    return { kind: 'broken', detail: 'an argument holds a zero byte' };
  }
  const stuck = Promise.withResolvers<RunResult>();
  const child = start(program, args, leaveRunning ? undefined : timeoutMs, maxBytes);
  const timer = setTimeout(
    () => {
      // A process in uninterruptible sleep (a drive that stopped answering) outlives SIGKILL and keeps its pipes.
      child.stdout.destroy();
      child.stderr.destroy();
      child.nodeChildProcess.unref();
      stuck.resolve({ kind: 'timed-out', stdout: new Uint8Array(), stderr: new Uint8Array() });
    },
    leaveRunning ? timeoutMs : timeoutMs + 2 * GRACE_MS,
  );
  const ended = child.then((result) => outcome(result, maxBytes));
  return await Promise.race([ended, stuck.promise]).finally(() => clearTimeout(timer));
};

function start(program: string, args: readonly string[], timeout: number | undefined, maxBuffer: number) {
  return execa(program, args, {
    encoding: 'buffer',
    stdin: 'ignore',
    reject: false,
    stripFinalNewline: false,
    ...(timeout === undefined
      ? { cleanup: false, detached: true }
      : { timeout, forceKillAfterDelay: GRACE_MS }),
    maxBuffer,
    env: { LC_ALL: 'C', PATH: [process.env.PATH, SBIN].filter(Boolean).join(':') },
  });
}

type Ended = Awaited<ReturnType<typeof start>>;

function outcome(result: Ended, maxBytes: number): RunResult {
  const { stdout, stderr, exitCode } = result;
  if (result.code === 'ENOENT') return { kind: 'missing' };
  if (result.timedOut) return { kind: 'timed-out', stdout, stderr };
  if (result.isMaxBuffer) return { kind: 'broken', detail: `printed more than ${maxBytes} bytes` };
  if (result.signal !== undefined) return { kind: 'broken', detail: `ended by ${result.signal}` };
  if (exitCode === undefined)
    return { kind: 'broken', detail: result.code ?? result.shortMessage ?? 'not run' };
  return { kind: 'exited', exitCode, stdout, stderr };
}
