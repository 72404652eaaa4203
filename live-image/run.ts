// The builder's one way to start a program.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { BuildError } from './build-error.ts';

export type Ran = { status: number; stdout: string; stderr: string };
type Options = { cwd?: string; env?: Record<string, string>; onLine?: (line: string) => void };

const KEPT = 4000;

/** Runs a program to its end, without a shell; `onLine` is told each line of both outputs as it comes. */
export async function tryRun(
  [program, ...args]: readonly [string, ...string[]],
  options: Options = {},
): Promise<Ran> {
  const child = spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  for (const [stream, kept] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    createInterface({ input: stream }).on('line', (line) => {
      kept.push(line);
      options.onLine?.(line);
    });
  }
  const status = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { status, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
}

/** @throws BuildError `tool-failed` with the last lines that the program said */
export async function run(argv: readonly [string, ...string[]], options: Options = {}): Promise<string> {
  const { status, stdout, stderr } = await tryRun(argv, options);
  if (status === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().slice(-KEPT);
  throw new BuildError(
    'tool-failed',
    `${argv[0]} s’est terminé avec le code ${status} :`,
    `${argv[0]} ended with status ${status}:\n${said}`,
  );
}
