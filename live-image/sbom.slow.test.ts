// The parts list of a real image, compared with what is in that image.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtImage } from '../test-fixtures/built-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { stickFiles } from '../test-fixtures/virtual-laptop/stick.ts';
import { installedPackages } from './deb.ts';

type Component = {
  name: string;
  type: string;
  purl?: string;
  hashes?: { content: string }[];
  licenses?: unknown[];
  components?: Component[];
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the parts list of the image', () => {
  let image: LiveImage;
  let folder: Scratch;
  let debs: Component[];
  let squashfs: string;
  beforeAll(async () => {
    image = await builtImage();
    folder = scratch('sbom');
    squashfs = join(image.folder, 'netboot/filesystem.squashfs');
    const sbom = JSON.parse(readFileSync(join(image.folder, 'sbom.cdx.json'), 'utf8')) as {
      components: Component[];
    };
    debs = sbom.components.filter(({ purl }) => purl?.startsWith('pkg:deb/'));
    return () => folder.remove();
  });

  it('has what is installed in the system, what its loaders are made of, and nothing else', () => {
    const status = execFileSync('unsquashfs', ['-cat', squashfs, 'var/lib/dpkg/status']).toString();
    const installed = installedPackages(status);
    const names = debs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...installed].filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => !installed.has(name)).toSorted()).toEqual([
      'grub-common',
      'grub-efi-amd64-signed',
      'grub-efi-amd64-unsigned',
      'grub-efi-ia32-bin',
      'grub-efi-ia32-unsigned',
      'grub-pc-bin',
      'ipxe',
      'memtest86+',
      'shim-helpers-amd64-signed',
      'shim-signed',
      'shim-unsigned',
    ]);
    expect(names).not.toContain('apt');
    expect(debs.filter(({ hashes }) => hashes?.length !== 1)).toEqual([]);
    // Their copyright files are prose, and point to no common licence.
    const prose = ['libcrypt1', 'xkb-data'];
    const unnamed = debs.filter(({ licenses }) => !licenses).map(({ name }) => name);
    expect(unnamed.filter((name) => !prose.includes(name))).toEqual([]);
  });

  it('gives the digests of the loaders as they lie on the stick and beside the network files', () => {
    const stick = stickFiles(image.stick);
    const files = debs.flatMap(({ components }) => components ?? []);
    const seen = files.flatMap(({ name, hashes }) => {
      const served = join(image.folder, name);
      if (name.includes(':')) return []; // within the image's first sectors
      const bytes = existsSync(served) ? readFileSync(served) : stick.read(name);
      return [[name, sha256(bytes) === hashes?.[0]?.content]];
    });
    expect(seen.length).toBeGreaterThan(12);
    expect(seen.filter(([, same]) => !same)).toEqual([]);
  });

  it('is of a system that nobody but root may change', () => {
    const root = execFileSync('unsquashfs', ['-lls', '-max-depth', '1', squashfs]).toString();
    expect(root).toMatch(/^drwxr-xr-x root\/root .* squashfs-root$/m);
  });
});
