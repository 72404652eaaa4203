import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The terminal that the live agent owns: what is written is painted, what is typed comes unechoed. */
export type Tty = {
  write(text: string): void;
  size(): { columns: number; rows: number };
  onResize(changed: () => void): void;
  /** Typed text as it comes, escape sequences and control characters included. */
  onTyped(typed: (text: string) => void): void;
  /** Lends the terminal to a program and takes it back when that ends. @returns its exit status */
  lend(argv: readonly [string, ...string[]]): Promise<number | null>;
  close(): void;
};

/** The process's own terminal, typed on without echo; null where standard input or output is none. */
export function openTty(): Tty | null {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return null;
  const listeners: ((text: string) => void)[] = [];
  const decoder = new TextDecoder();
  const take = (bytes: Uint8Array): void => {
    const text = decoder.decode(bytes, { stream: true });
    for (const typed of listeners) typed(text);
  };
  const own = (): void => {
    stdin.setRawMode(true);
    stdin.on('data', take).resume();
  };
  const letGo = (): void => {
    stdin.off('data', take).pause();
    stdin.setRawMode(false);
  };
  own();
  return {
    write: (text) => void stdout.write(text),
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 25 }),
    onResize: (changed) => void stdout.on('resize', changed),
    onTyped: (typed) => void listeners.push(typed),
    lend: async ([program, ...args]) => {
      letGo();
      try {
        return await lent(program, args);
      } finally {
        own();
      }
    },
    close: letGo,
  };
}

async function lent(program: string, args: string[]): Promise<number | null> {
  const child = spawn(program, args, { stdio: 'inherit', cwd: '/root' });
  const failed = once(child, 'error').then((): [null] => [null]);
  const [status] = (await Promise.race([once(child, 'exit'), failed])) as [number | null];
  return status;
}
