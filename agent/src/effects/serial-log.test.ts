import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { serialLog } from './serial-log.ts';

describe('the serial log', () => {
  it('writes every line, in order, at whatever moment it is said', async () => {
    using folder = scratch();
    const path = join(folder.path, 'ttyS0');
    const log = serialLog(path);
    const said: string[] = [];
    for (let number = 0; number < 200; number += 1) {
      log(`line ${number}`);
      said.push(`line ${number}`);
      // Between none and several turns of the event loop: while it opens, writes, closes.
      for (let turn = number % 7; turn > 0; turn -= 1) await new Promise(setImmediate);
    }
    await vi.waitFor(async () => expect(await readFile(path, 'utf8')).toBe(`${said.join('\n')}\n`));
  });

  it('goes on without a serial line', async () => {
    const log = serialLog('/nonexistent/ttyS0');
    log('nobody reads this');
    await wait(20);
    expect(() => log('nor this')).not.toThrow();
  });
});
