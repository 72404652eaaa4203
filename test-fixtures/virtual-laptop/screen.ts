import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LaptopError } from './describe.ts';
import { parsePpm, type Picture, readText, UNKNOWN } from './picture.ts';
import type { Font } from './psf.ts';
import type { Qmp } from './qmp.ts';

export type Screen = {
  /** What somebody reads on it now; a cell that is no known glyph is `�`. */
  text(): Promise<string>;
  lines(): Promise<string[]>;
  /** Reads it again and again until it shows that. @returns the match, and how long it took in ms */
  waitFor(wanted: RegExp, options?: { timeout?: number }): Promise<RegExpExecArray>;
  /** Waits until it no longer shows that. */
  waitGone(unwanted: RegExp, options?: { timeout?: number }): Promise<void>;
  /** A photograph, as PNG. */
  picture(path: string): Promise<void>;
  pixels(): Promise<Picture>;
};

const EVERY = 700;

/** @param describe more for the message of a wait that failed, such as the end of the serial log */
export function screen(
  qmp: () => Qmp,
  folder: string,
  fonts: readonly Font[],
  describe: () => string,
): Screen {
  const dump = join(folder, 'screen.ppm');
  let last: { file: Buffer; lines: string[] } | null = null;

  const shoot = async (): Promise<Buffer> => {
    await qmp().execute('screendump', { filename: dump });
    const file = readFileSync(dump);
    rmSync(dump, { force: true });
    return file;
  };
  const lines = async (): Promise<string[]> => {
    const file = await shoot();
    if (last === null || !last.file.equals(file)) last = { file, lines: readText(parsePpm(file), fonts) };
    return last.lines;
  };
  const text = async (): Promise<string> => (await lines()).join('\n').trimEnd();

  const until = async (holds: (seen: string) => boolean, timeout: number, failed: string): Promise<void> => {
    const end = performance.now() + timeout;
    let seen = '';
    for (;;) {
      try {
        seen = await text();
      } catch (cause) {
        throw new LaptopError('not-seen', `${failed}: the laptop is off.\n${frame(seen)}\n${describe()}`, {
          cause,
        });
      }
      if (holds(seen)) return;
      if (performance.now() > end)
        throw new LaptopError('not-seen', `${failed} in ${timeout} ms:\n${frame(seen)}\n${describe()}`);
      await wait(EVERY);
    }
  };

  return {
    lines,
    text,
    pixels: async () => parsePpm(await shoot()),
    picture: async (path) => void (await qmp().execute('screendump', { filename: path, format: 'png' })),
    async waitFor(wanted, { timeout = 60_000 } = {}) {
      let found: RegExpExecArray | null = null;
      const look = (seen: string): boolean => (found = wanted.exec(seen)) !== null;
      await until(look, timeout, `The screen did not show ${String(wanted)}`);
      return found!;
    },
    waitGone: (unwanted, { timeout = 60_000 } = {}) =>
      until((seen) => !unwanted.test(seen), timeout, `The screen still shows ${String(unwanted)}`),
  };
}

/** The screen as it is shown in the message of a failed wait: a picture of pixels is not worth its cells. */
export function frame(text: string): string {
  const unknown = text.split(UNKNOWN).length - 1;
  if (unknown > 200) return '(the screen shows a picture, or letters of another font)';
  const kept = text.split('\n').filter((line) => line.trim() !== '');
  return ['┌── screen', ...kept.map((line) => `│ ${line}`), '└──'].join('\n');
}
