import type { Clock } from '@rebond/protocol';

/** What became of a program. Exit status 0 is not success by itself: many disk tools exit 0 on a refusal. */
export type RunResult =
  | { kind: 'exited'; exitCode: number; stdout: Uint8Array; stderr: Uint8Array }
  | { kind: 'missing' }
  | { kind: 'timed-out'; stdout: Uint8Array; stderr: Uint8Array }
  /** Killed by a signal, printed too much, or may not be executed. */
  | { kind: 'broken'; detail: string };

/** Runs a program: an argument vector (never a shell), a time limit, a limit on what it prints. */
export type Run = (argv: readonly [string, ...string[]], limits?: RunLimits) => Promise<RunResult>;

export type RunLimits = {
  timeoutMs?: number;
  maxBytes?: number;
  /** After the time limit it is waited for no longer, and goes on: a program that a drive's erase hangs on is not killed. */
  leaveRunning?: boolean;
};

export type ReadResult<T> =
  | { kind: 'read'; value: T }
  | { kind: 'absent' }
  | { kind: 'refused'; detail: string };

/** Reads of files, folders and links; nothing here can write. */
export type Files = {
  /** At most 1 MiB unless told; longer is `refused`. */
  bytes(path: string, maxBytes?: number): Promise<ReadResult<Uint8Array>>;
  text(path: string, maxBytes?: number): Promise<ReadResult<string>>;
  /** Names in a folder, sorted. */
  list(path: string): Promise<ReadResult<string[]>>;
  /** The absolute path a link leads to. */
  real(path: string): Promise<ReadResult<string>>;
};

/** Whether anything in the system holds a block device, by the kernel's own word; it never writes. */
export type Claim = (path: string) => Promise<'free' | 'busy' | 'unknown'>;

export type ClockDoor = {
  /** Wall-clock time with its source. */
  now: () => Clock;
  /** Monotonic milliseconds. */
  monotonic: () => number;
};
