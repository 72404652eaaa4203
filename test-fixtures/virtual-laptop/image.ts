// The live image as the builder leaves it (`npm run live-image`).
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LaptopError } from './describe.ts';
import { type SystemTree, treeOfSquashfs } from './system-tree.ts';

export type LiveImage = {
  folder: string;
  stick: string;
  iso: string;
  /** The folder that a network boot is served from. */
  netboot: string;
  /** The console's font: what a laptop's screen is read with. */
  font: string;
  agent: string;
  squashfs: string;
  kernel: string;
  manifest: string;
};

export function liveImage(folder: string): LiveImage {
  if (!existsSync(join(folder, 'manifest.json')))
    throw new LaptopError('bad-file', `no live image in ${folder} (npm run live-image makes one)`);
  const at = (name: string): string => join(folder, name);
  return {
    folder,
    stick: at('rebond.img'),
    iso: at('rebond.iso'),
    netboot: at('netboot'),
    font: at('console.psf'),
    agent: at('rebond'),
    squashfs: at('netboot/filesystem.squashfs'),
    kernel: at('netboot/vmlinuz'),
    manifest: at('manifest.json'),
  };
}

/** The newest that was built here. @param builds `build/live-image` of the project */
export function newestImage(builds: string): LiveImage {
  const age = (path: string): number => statSync(join(builds, path)).mtimeMs;
  const [newest] = globSync('*/manifest.json', { cwd: builds }).sort((a, b) => age(b) - age(a));
  if (!newest) throw new LaptopError('bad-file', `no live image in ${builds} (npm run live-image makes one)`);
  return liveImage(join(builds, newest, '..'));
}

/** What small guests are made of: the image's own kernel, modules, programs. @param folder where its files are put */
export function systemOf(image: LiveImage, folder: string): SystemTree {
  return treeOfSquashfs(image.squashfs, image.kernel, folder);
}
