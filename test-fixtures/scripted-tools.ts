import type { Run, RunLimits, RunResult } from '../agent/src/effects/types.ts';

/** What a tool does once: what it prints, with how it exits, or that it is late for it; or that it is not there. */
type Answer = string | { out?: string; err?: string; exit?: number; late?: true } | typeof MISSING;

export const MISSING = Symbol('no such tool');
export const LATE = { late: true } as const;

export type ScriptedTools = {
  run: Run;
  /** The commands in their order, words joined by blanks, with the limits that were given. */
  asked: { command: string; limits: RunLimits | undefined }[];
  monotonic: () => number;
  wait: (ms: number) => Promise<void>;
  /** How long was waited, in milliseconds, each time. */
  waits: number[];
};

/**
 * Tools that answer as written down, by a word of their command: one answer after the other, the last again and again.
 * The clock goes on while something waits, and by 0.17 ms with each command.
 * @throws Error for a command that nobody wrote an answer for
 */
export function scriptedTools(script: Record<string, readonly Answer[]>): ScriptedTools {
  const given = new Map<string, number>();
  const asked: ScriptedTools['asked'] = [];
  const waits: number[] = [];
  let now = 5000;
  return {
    asked,
    waits,
    monotonic: () => now,
    wait: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    run: async (argv, limits) => {
      const command = argv.join(' ');
      asked.push({ command, limits });
      now += 0.17;
      const key = Object.keys(script).find((word) => command.includes(word));
      if (key === undefined) throw new Error(`no answer to: ${command}`);
      const answers = script[key] ?? [];
      const at = Math.min(given.get(key) ?? 0, answers.length - 1);
      given.set(key, at + 1);
      return resultOf(answers[at] ?? '');
    },
  };
}

function resultOf(answer: Answer): RunResult {
  const bytes = (text = ''): Uint8Array => new TextEncoder().encode(text);
  if (answer === MISSING) return { kind: 'missing' };
  const {
    out = '',
    err = '',
    exit = 0,
    late = false,
  } = typeof answer === 'string' ? { out: answer } : answer;
  if (late) return { kind: 'timed-out', stdout: bytes(out), stderr: bytes(err) };
  return { kind: 'exited', exitCode: exit, stdout: bytes(out), stderr: bytes(err) };
}
