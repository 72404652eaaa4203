import { createInterface } from 'node:readline/promises';
import type { Phrase } from '@rebond/protocol';
import type { Lang } from '../console/progress-line.ts';
import { wrap } from '../console/wrap.ts';
import { turns } from '../sanitize/turns.ts';

/** What a command may use of the terminal. Human text goes to stderr; stdout is for results, JSON with `--json`. */
export type Terminal = {
  lang: Lang;
  /** Columns, at most 120. */
  width: number;
  interactive: boolean;
  say(line: string): void;
  /** Draws these lines below all that was said, in the place of those before; on a terminal only. None takes them away. */
  redraw(lines: readonly string[]): void;
  /** One line for programs, on stderr, as it is. */
  raw(line: string): void;
  result(text: string): void;
  /** One line typed by the operator; null at the end of the input, or where no terminal is attached. */
  ask(question: string): Promise<string | null>;
};

export function terminal(env: NodeJS.ProcessEnv, lang?: Lang): Terminal {
  const interactive = process.stderr.isTTY;
  const width = Math.min(process.stderr.columns ?? 100, 120);
  const write = (text: string): void => void process.stderr.write(text);
  const questions = turns();
  let below: readonly string[] = [];
  let asking = 0;
  /** Goes back to the first of the lines below and clears them. */
  const lift = (): string => (below.length === 0 ? '' : `\r\u001B[${below.length}A\u001B[J`);
  const draw = (): string => below.map((line) => `${line}\n`).join('');
  const say = (text: string): void => {
    const lines = text.split('\n').flatMap((line) => wrap(line, width));
    const said = lines.map((line) => `${line}\n`).join('');
    write(asking > 0 ? said : lift() + said + draw());
  };
  return {
    lang: lang ?? langOf(env),
    width,
    interactive,
    say,
    redraw: (lines) => {
      if (!interactive) return;
      // What is being typed stays on its line: the lines come back with the answer.
      if (asking === 0) write(lift());
      below = lines;
      if (asking === 0) write(draw());
    },
    raw: (line) => write(`${line}\n`),
    result: (text) => void process.stdout.write(`${text}\n`),
    ask: (question) => {
      return questions.alone(async () => {
        if (asking === 0) write(lift());
        asking += 1;
        try {
          return await ask(question);
        } finally {
          asking -= 1;
          write(draw());
        }
      });
    },
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
