import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * A TypeScript program of this folder and Node itself, as files of a small guest: `/node /driver.mjs`.
 * @param folder where they are made
 */
export async function guestDriver(folder: string, entry: string): Promise<Record<string, { from: string }>> {
  const outfile = join(folder, 'driver.mjs');
  await build({
    ...{ entryPoints: [join(import.meta.dirname, entry)], outfile, bundle: true },
    ...{ platform: 'node', format: 'esm', logLevel: 'error' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  execFileSync('strip', [node]);
  return { 'driver.mjs': { from: outfile }, node: { from: node } };
}
