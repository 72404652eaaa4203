// QEMU's machine protocol: one JSON object a line, both ways.
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { LaptopError } from './describe.ts';

type Event = { event: string; data: Record<string, unknown> };

export type Qmp = {
  execute(command: string, args?: Record<string, unknown>): Promise<unknown>;
  /** The next event of that name which `fits`, or one that came already. */
  event(name: string, fits?: (data: Record<string, unknown>) => boolean, timeout?: number): Promise<Event>;
};

type Waiting = {
  resolve: (value: unknown) => void;
  reject: (why: Error) => void;
  timer: NodeJS.Timeout;
};

const LONGEST_LINE = 4 * 2 ** 20;
const KEPT_EVENTS = 200;
const ANSWER_WITHIN = 60_000;

export async function openQmp(stream: Duplex): Promise<Qmp> {
  const waiting = new Map<number, Waiting>();
  const events: Event[] = [];
  const news = new EventEmitter();
  news.setMaxListeners(0);
  let last = 0;

  const settle = (id: number, act: (each: Waiting) => void): void => {
    const each = waiting.get(id);
    if (!each) return;
    waiting.delete(id);
    clearTimeout(each.timer);
    act(each);
  };
  const closed = (): void => {
    for (const id of [...waiting.keys()])
      settle(id, ({ reject }) => reject(new LaptopError('qemu-ended', 'QEMU has ended.')));
  };
  stream.on('close', closed);
  stream.on('end', closed);
  stream.on('error', closed);
  splitLines(stream, (line) => {
    const message = JSON.parse(line) as Message;
    if ('event' in message) {
      events.push({ event: message.event, data: message.data ?? {} });
      if (events.length > KEPT_EVENTS) events.shift();
      news.emit('event');
    } else if ('error' in message)
      settle(message.id, ({ reject }) => reject(new LaptopError('qemu-refused', message.error.desc)));
    else if ('return' in message) settle(message.id, ({ resolve }) => resolve(message.return));
  });

  const execute = (command: string, args: Record<string, unknown> = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (stream.destroyed) return reject(new LaptopError('qemu-ended', 'QEMU has ended.'));
      last += 1;
      const id = last;
      const late = (): void =>
        settle(id, () => reject(new LaptopError('qemu-silent', `QEMU does not answer ${command}.`)));
      waiting.set(id, { resolve, reject, timer: setTimeout(late, ANSWER_WITHIN) });
      stream.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });

  const event: Qmp['event'] = (name, fits = () => true, timeout = ANSWER_WITHIN) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const at = events.findIndex((each) => each.event === name && fits(each.data));
        if (at < 0) return;
        const [found] = events.splice(at, 1);
        clearTimeout(timer);
        news.off('event', look);
        resolve(found!);
      };
      const timer = setTimeout(() => {
        news.off('event', look);
        reject(new LaptopError('qemu-silent', `QEMU did not say ${name} within ${timeout} ms.`));
      }, timeout);
      news.on('event', look);
      look();
    });

  await execute('qmp_capabilities');
  return { execute, event };
}

type Message =
  | { event: string; data?: Record<string, unknown> }
  | { error: { desc: string }; id: number }
  | { return: unknown; id: number }
  | { QMP: unknown };

/** Cuts a stream into lines; a line without end closes it. */
function splitLines(stream: Duplex, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') take(line);
    if (rest.length > LONGEST_LINE) stream.destroy();
  });
}
