import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const base = join(import.meta.dirname, '..', '.scratch');

export type Scratch = { path: string; remove(): void; [Symbol.dispose](): void };

/** An empty folder under the ignored `.scratch`, removed by `using folder = scratch()` or by `remove()`. */
export function scratch(name = 'test'): Scratch {
  mkdirSync(base, { recursive: true });
  const path = mkdtempSync(join(base, `${name}-`));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}
