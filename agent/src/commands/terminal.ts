import { createInterface } from 'node:readline/promises';
import type { Phrase } from '@rebond/protocol';
import type { Lang } from '../console/progress-line.ts';
import { wrap } from '../console/wrap.ts';

/** What a command may use of the terminal. Human text goes to stderr; stdout is for results, JSON with `--json`. */
export type Terminal = {
  lang: Lang;
  /** Columns, at most 120. */
  width: number;
  interactive: boolean;
  say(line: string): void;
  /** Redraws one line on a terminal; says nothing elsewhere. The next `say` or `settle` leaves it standing. */
  redraw(line: string): void;
  settle(): void;
  result(text: string): void;
  /** One line typed by the operator; null at the end of the input, or where no terminal is attached. */
  ask(question: string): Promise<string | null>;
};

export function terminal(env: NodeJS.ProcessEnv, lang?: Lang): Terminal {
  const interactive = process.stderr.isTTY;
  let redrawn = false;
  const width = Math.min(process.stderr.columns ?? 100, 120);
  const settle = (): void => {
    if (redrawn) process.stderr.write('\n');
    redrawn = false;
  };
  const say = (text: string): void => {
    settle();
    for (const line of text.split('\n')) process.stderr.write(`${wrap(line, width).join('\n')}\n`);
  };
  return {
    lang: lang ?? langOf(env),
    width,
    interactive,
    say,
    settle,
    redraw: (line) => {
      if (!interactive) return;
      process.stderr.write(`\r\u001B[K${line}`);
      redrawn = true;
    },
    result: (text) => void process.stdout.write(`${text}\n`),
    ask,
  };
}

/** French unless the environment asks for English. */
function langOf(env: NodeJS.ProcessEnv): Lang {
  const wanted = env['REBOND_LANG'] || env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || 'fr';
  return wanted.startsWith('en') ? 'en' : 'fr';
}

/** An error for a person: French, then English. */
export function sayBoth(terminal: Terminal, { fr, en }: Phrase): void {
  terminal.say(`  ${fr}`);
  terminal.say(`  ${en}`);
}

/** Typed by hand on a terminal: a pipe confirms nothing. */
async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await Promise.race([
      reader.question(question),
      new Promise<null>((resolve) => reader.once('close', () => resolve(null))),
    ]);
  } finally {
    reader.close();
  }
}
