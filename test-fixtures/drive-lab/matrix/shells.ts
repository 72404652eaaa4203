// Programs started by shells that stay: a process as large as Node takes long to fork where every instruction is emulated.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Run, RunResult } from '../../../agent/src/effects/types.ts';

type Shell = { child: ChildProcessWithoutNullStreams; ended: (status: number) => void };

const TIMEOUT_MS = 10_000;
const NOT_FOUND = 127;
let started = 0;

/** As the agent's own door: an argument vector, a time limit, both outputs apart. A program past its limit goes on. */
export function runByShells(): Run {
  const idle: Shell[] = [];
  return async (argv, { timeoutMs = TIMEOUT_MS } = {}) => {
    const shell = idle.pop() ?? startShell();
    const number = (started += 1);
    const [out, err] = [`/tmp/run${number}.out`, `/tmp/run${number}.err`];
    const { promise, resolve } = Promise.withResolvers<number | null>();
    shell.ended = resolve;
    shell.child.stdin.write(`${argv.map(quoted).join(' ')} >${out} 2>${err} </dev/null; echo $?\n`);
    const timer = setTimeout(() => resolve(null), timeoutMs);
    const status = await promise.finally(() => clearTimeout(timer));
    // A shell whose program goes on is left to it.
    if (status === null) return { kind: 'timed-out', stdout: new Uint8Array(), stderr: new Uint8Array() };
    idle.push(shell);
    const [stdout, stderr] = [readFileSync(out), readFileSync(err)];
    for (const file of [out, err]) rmSync(file);
    return resultOf(status, stdout, stderr);
  };
}

function resultOf(status: number, stdout: Uint8Array, stderr: Uint8Array): RunResult {
  if (status === NOT_FOUND) return { kind: 'missing' };
  if (status > 128) return { kind: 'broken', detail: `ended by signal ${status - 128}` };
  return { kind: 'exited', exitCode: status, stdout, stderr };
}

function startShell(): Shell {
  const child = spawn('sh');
  child.stdin.write('export LC_ALL=C\n');
  const shell: Shell = { child, ended: () => {} };
  createInterface({ input: child.stdout }).on('line', (line) => shell.ended(Number(line)));
  child.stderr.resume();
  return shell;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
