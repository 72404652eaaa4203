import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageManifest } from '@rebond/protocol';

export type ImageFolder = { path: string; manifest: ImageManifest; contents: Record<string, Buffer> };

/** A folder laid out as the image builder's, with small files that boot nothing. */
export function makeImageFolder(
  path: string,
  change: (manifest: ImageManifest) => void = () => {},
): ImageFolder {
  const netboot = join(path, 'netboot');
  mkdirSync(netboot, { recursive: true });
  const contents = {
    vmlinuz: Buffer.from('a kernel'),
    'initrd.img': Buffer.from('an initrd'),
    'filesystem.squashfs': Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 251)),
    'shimx64.efi': Buffer.from('shim'),
    'grubx64.efi': Buffer.from('grub'),
    'undionly.kpxe': Buffer.from('ipxe'),
  };
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(netboot, name), bytes);
  const manifest: ImageManifest = {
    schema: 'rebond.image/1',
    version: '0.1.0',
    serial: 1_790_000_000,
    architecture: 'amd64',
    files: (['vmlinuz', 'initrd.img', 'filesystem.squashfs'] as const).map((name) => ({
      name,
      sizeBytes: contents[name].length,
      sha256: createHash('sha256').update(contents[name]).digest('hex'),
    })),
    agentSha256: 'a'.repeat(64),
  };
  change(manifest);
  const text = JSON.stringify(manifest, null, 2);
  for (const folder of [path, netboot]) writeFileSync(join(folder, 'manifest.json'), text);
  return { path, manifest, contents };
}
