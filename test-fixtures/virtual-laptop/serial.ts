// The serial port: what the machine wrote there, line by line, over all its power cycles.
import { appendFileSync, writeFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { LaptopError } from './describe.ts';

export type Serial = {
  /** Since power was last put on, without colours and carriage returns. */
  text(): string;
  lines(): string[];
  /** Waits for a line (or an unfinished one) that matches, from `mark()` on if one was set. */
  waitFor(wanted: RegExp, options?: { timeout?: number }): Promise<RegExpExecArray>;
  /** From here on only what comes now counts. */
  mark(): void;
  type(text: string): void;
  /** The file with everything, as it came. */
  path: string;
};

export type SerialPort = Serial & {
  connect(stream: Duplex): void;
  /** Wakes those who wait: nothing more will come. */
  disconnected(): void;
};

const KEPT = 8 * 2 ** 20;

/** @param describe more for the message of a wait that failed, such as the screen */
export function serialPort(path: string, describe: () => Promise<string>): SerialPort {
  let text = '';
  let from = 0;
  let unread = '';
  let port: Duplex | null = null;
  const watchers = new Set<() => void>();
  const wake = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  writeFileSync(path, '');

  const waitFor: Serial['waitFor'] = (wanted, { timeout = 60_000 } = {}) =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        watchers.delete(look);
        clearTimeout(timer);
      };
      const fail = async (why: string): Promise<void> => {
        end();
        const more = await describe();
        reject(new LaptopError('not-seen', `${String(wanted)} ${why}\n${tail(text, 30)}\n${more}`));
      };
      const look = (): void => {
        const found = wanted.exec(text.slice(from));
        if (found) {
          end();
          resolve(found);
        } else if (port === null) void fail('never came on the serial port: the laptop is off.');
      };
      const timer = setTimeout(() => void fail(`did not come on the serial port in ${timeout} ms:`), timeout);
      watchers.add(look);
      look();
    });

  return {
    path,
    text: () => text,
    lines: () => text.split('\n'),
    waitFor,
    mark: () => void (from = text.length),
    type: (words) => void port?.write(words),
    connect(stream) {
      text = '';
      from = 0;
      unread = '';
      port = stream;
      stream.setEncoding('utf8');
      stream.on('data', (more: string) => {
        appendFileSync(path, more);
        // An escape sequence may come in two pieces.
        const [, whole = '', begun = ''] =
          /^([^]*?)(\u001B(?:\][^\u0007\u001B]{0,64}\u001B?|[[()]?[0-9;?=!]*))?$/.exec(unread + more) ?? [];
        unread = begun;
        text += plain(whole);
        const excess = text.length - KEPT;
        if (excess > 0) text = text.slice(excess);
        from = Math.max(0, from - Math.max(0, excess));
        wake();
      });
    },
    disconnected() {
      port = null;
      wake();
    },
  };
}

/** Firmware and GRUB paint the serial port with escape sequences; each move of the cursor counts as a new line. */
export function plain(text: string): string {
  return text
    .replaceAll('\r', '')
    .replaceAll(/\u001B\[[0-9;]*[Hf]/g, '\n')
    .replaceAll(
      /\u001B(?:\][^\u0007\u001B]*(?:\u0007|\u001B\\)|\[[0-9;?=!]*[A-Za-z]|[()][A-Z0-9]|[=>c])/g,
      '',
    );
}

export function tail(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
