import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LiveImage, liveImage } from './virtual-laptop/image.ts';

const root = join(import.meta.dirname, '..');

/** The live image of these very sources: from the cache, or built now, which takes some minutes. */
export async function builtImage(): Promise<LiveImage> {
  const build = await promisify(execFile)(process.execPath, ['scripts/live-image.ts'], { cwd: root });
  return liveImage(build.stdout.trim().split('\n').at(-1) ?? '');
}
