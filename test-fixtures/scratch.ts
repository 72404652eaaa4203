import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const base = join(import.meta.dirname, '..', '.scratch');

/** An empty folder under the ignored `.scratch`, removed when the test disposes of it (`using folder = scratch()`). */
export function scratch(name = 'test'): { path: string; [Symbol.dispose](): void } {
  mkdirSync(base, { recursive: true });
  const path = mkdtempSync(join(base, `${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
