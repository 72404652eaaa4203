import { spawn } from 'node:child_process';
import { boundedLines } from './lines.ts';

/** A process that overwrites one drive, as its parent sees it. */
export type OverwriteProcess = {
  readonly pid: number;
  /** One line to its standard input; lost when it has ended. */
  send(line: string): void;
  /** What it says, line by line, until it ends. */
  readonly lines: AsyncIterable<string>;
  /** Resolves when it has ended, in whatever way: `detail` says which, and the last of what it printed as an error. */
  readonly ended: Promise<{ detail: string }>;
  kill(): void;
};

/** Starts one with an open target as its descriptor 3. */
export type SpawnOverwrite = (descriptor: number) => OverwriteProcess;

/** The descriptor under which the process finds its target. */
export const TARGET_DESCRIPTOR = 3;

const ERRORS_KEPT = 2000;

/**
 * The process inherits the open target and nothing else: the claim that the kernel gave stays with that open file
 * until both have let go of it, and no name is looked up a second time. Its environment is empty, so that none changes
 * what it does.
 * @param command this program itself, with the word that makes it such a process
 */
export function overwriteSpawner([program, ...args]: readonly [string, ...string[]]): SpawnOverwrite {
  return (descriptor) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', descriptor], env: { LC_ALL: 'C' } });
    const { stdin, stdout, stderr } = child;
    // It may end before it has read all: `ended` tells of it.
    for (const stream of [stdin, stdout, stderr]) stream?.on('error', () => {});
    let said = '';
    stderr?.on('data', (bytes: Buffer) => void (said = (said + bytes.toString()).slice(-ERRORS_KEPT)));
    const ended = new Promise<{ detail: string }>((resolve) => {
      child.once('error', (error) => resolve({ detail: error.message }));
      child.once('close', (code, signal) => resolve({ detail: `${signal ?? code ?? ''} ${said}`.trim() }));
    });
    return {
      pid: child.pid ?? 0,
      send: (line) => void stdin?.write(`${line}\n`),
      lines: boundedLines(stdout ?? []),
      ended,
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
