// A live Debian with a kernel, live-boot and nothing else: what the image's start is measured against.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import { fetchDebs, readDebs } from './debs.ts';
import { run } from './run.ts';
import { bootstrap } from './trees.ts';

const PACKAGES = ['linux-image-amd64', 'live-boot', 'systemd-sysv', 'udev'];

export type Bare = { vmlinuz: string; initrd: string; squashfs: string };

/**
 * Made as Debian makes it: its own initial system, its own units, all of its firmware and modules left alone.
 * @param folder what is made goes there
 * @param kernel the image's own, which must be the same
 * @throws BuildError `other-kernel`
 */
export async function buildBare(folder: string, kernel: string, say: (line: string) => void): Promise<Bare> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const bare = { vmlinuz: at('vmlinuz'), initrd: at('initrd.img'), squashfs: at('filesystem.squashfs') };
  await fetchDebs(folder, [{ packages: PACKAGES, folder: at('debs') }], say);
  await bootstrap({
    ...{ debs: await readDebs(at('debs')), packages: PACKAGES, variant: 'essential', epoch: 0, say },
    output: at('bare.tar'),
    hooks: [
      'chroot "$1" sh -c "mkinitramfs -o /initrd $(ls "$1/usr/lib/modules") && cp /boot/vmlinuz-* /kernel"',
      `download /initrd '${bare.initrd}'`,
      `download /kernel '${bare.vmlinuz}'`,
    ],
  });
  if (!(await readFile(bare.vmlinuz)).equals(await readFile(kernel))) {
    throw new BuildError(
      'other-kernel',
      'L’archive a maintenant un autre noyau que l’image : refaire celle-ci (--force).',
      'The archive now has another kernel than the image: build that anew (--force).',
    );
  }
  await run(['sh', '-c', `sqfstar -quiet -no-progress -comp zstd '${bare.squashfs}' <'${at('bare.tar')}'`]);
  await rm(at('bare.tar'));
  return bare;
}
