import { boundedLines } from './lines.ts';

/** The other end of `overwrite-process.ts`: the parent, as the process that overwrites sees it. */
export type ParentProcess = {
  pid(): number;
  lines: AsyncIterable<string>;
  say(line: string): void;
};

/**
 * Signals that a terminal or a service manager sends to a whole group are left to the parent, which ends the work in
 * order. A pipe that nobody reads any more means that the parent is gone.
 */
export function parentProcess(): ParentProcess {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(name, () => {});
  process.stdout.on('error', endAtOnce);
  return {
    pid: () => process.ppid,
    lines: boundedLines(process.stdin as AsyncIterable<Uint8Array>),
    say: (line) => void process.stdout.write(`${line}\n`),
  };
}

/** Not `process.exit`, which waits for the requests that other threads still have to make: those must not be made. */
export function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
