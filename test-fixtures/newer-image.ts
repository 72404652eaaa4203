// A later build of the live image, for tests of renewing a stick: the same system, which says another serial of itself.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageManifest } from '@rebond/protocol';
import type { LiveImage } from './virtual-laptop/image.ts';

export type NewerImage = { folder: string; manifest: ImageManifest };

const VERSION = '9.9.9';

/** Needs squashfs-tools and, for the owners of the files, root. @param folder where it is made; it must not exist */
export function makeNewerImage(image: LiveImage, folder: string): NewerImage {
  const manifest = JSON.parse(readFileSync(image.manifest, 'utf8')) as ImageManifest;
  const serial = manifest.serial + 60;
  const netboot = join(folder, 'netboot');
  mkdirSync(netboot, { recursive: true });
  for (const name of ['vmlinuz', 'initrd.img']) copyFileSync(join(image.netboot, name), join(netboot, name));
  repack(image.squashfs, join(netboot, 'filesystem.squashfs'), join(folder, 'tree'), (tree) => {
    const path = join(tree, 'usr/lib/rebond/image.json');
    const facts = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, `${JSON.stringify({ ...facts, version: VERSION, serial })}\n`);
  });
  const files = manifest.files.map(({ name }) => ({ name, ...measured(join(netboot, name)) }));
  const newer = { ...manifest, version: VERSION, serial, files };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(newer));
  return { folder, manifest: newer };
}

function repack(from: string, to: string, tree: string, change: (tree: string) => void): void {
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
  try {
    execFileSync('unsquashfs', ['-no-progress', '-quiet', '-dest', tree, from], quiet);
    change(tree);
    const fast = ['-comp', 'zstd', '-Xcompression-level', '1', '-b', '128K'];
    execFileSync('mksquashfs', [tree, to, '-noappend', '-no-progress', '-quiet', ...fast], quiet);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function measured(path: string): { sizeBytes: number; sha256: string } {
  return {
    sizeBytes: statSync(path).size,
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
  };
}
