import { spawnSync } from 'node:child_process';
import { LaptopError } from './describe.ts';

/** A private copy: at once where the file system can, and with its holes everywhere. */
export function copySparse(from: string, to: string): void {
  const run = spawnSync('cp', ['--reflink=auto', '--sparse=always', '--', from, to], { encoding: 'utf8' });
  if (run.status !== 0) throw new LaptopError('bad-file', run.stderr.trim());
}
