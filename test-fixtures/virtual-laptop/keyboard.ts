import { setTimeout as wait } from 'node:timers/promises';
import { LaptopError } from './describe.ts';
import { type Layout, type Stroke, strokesFor } from './layouts.ts';
import type { Qmp } from './qmp.ts';

export type Keyboard = {
  /** Types a text as somebody would whose keyboard has that layout; a new line is Enter. */
  type(text: string, layout?: Layout): Promise<void>;
  /** One key by QEMU's name (`ret`, `esc`, `down`, `f2`), or some held together (`ctrl-alt-delete`). */
  press(keys: string, times?: number): Promise<void>;
};

/** Milliseconds that a key is down, and up; a guest under emulation loses what comes faster. */
const DOWN = 25;
const UP = 30;

const NAMES: Record<string, string> = {
  enter: 'ret',
  return: 'ret',
  escape: 'esc',
  space: 'spc',
  del: 'delete',
};

export function keyboard(qmp: () => Qmp): Keyboard {
  const send = async (stroke: Stroke): Promise<void> => {
    const events = (keys: readonly string[], down: boolean) => ({
      events: keys.map((key) => ({ type: 'key', data: { down, key: { type: 'qcode', data: key } } })),
    });
    const keys = [...stroke.held, stroke.key];
    await qmp().execute('input-send-event', events(keys, true));
    await wait(DOWN);
    await qmp().execute('input-send-event', events(keys.toReversed(), false));
    await wait(UP);
  };
  return {
    async type(text, layout = 'us') {
      for (const stroke of strokesFor(text, layout)) await send(stroke);
    },
    async press(keys, times = 1) {
      const names = keys.split('-').map((name) => NAMES[name] ?? name);
      const [key] = names.slice(-1);
      if (!key) throw new LaptopError('no-such-key', `no such key: ${keys}`);
      for (let time = 0; time < times; time += 1)
        await send({ key, held: names.slice(0, -1) as unknown as Stroke['held'] });
    },
  };
}
