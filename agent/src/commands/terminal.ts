import { createInterface } from 'node:readline/promises';
import type { Phrase } from '@rebond/protocol';
import type { Lang } from '../console/progress-line.ts';

/** What a command may use of the terminal. Human text goes to stderr; stdout is for results, JSON with `--json`. */
export type Terminal = {
  lang: Lang;
  /** Columns, at most 120. */
  width: number;
  interactive: boolean;
  say(line: string): void;
  /** Redraws one line on a terminal; says nothing elsewhere. */
  redraw(line: string): void;
  result(text: string): void;
  /** One line typed by the operator; null at the end of the input. */
  ask(question: string): Promise<string | null>;
};

export function terminal(env: NodeJS.ProcessEnv, lang?: Lang): Terminal {
  const interactive = process.stderr.isTTY;
  let redrawn = false;
  const say = (line: string): void => {
    process.stderr.write(`${redrawn ? '\n' : ''}${line}\n`);
    redrawn = false;
  };
  return {
    lang: lang ?? langOf(env),
    width: Math.min(process.stderr.columns ?? 100, 120),
    interactive,
    say,
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

async function ask(question: string): Promise<string | null> {
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
