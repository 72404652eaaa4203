// The two trees that mmdebstrap makes from .deb files: the live system, and the workbench that assembles the image.
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deb } from './deb.ts';
import { serveRepository } from './repository.ts';
import { run } from './run.ts';

type Say = (line: string) => void;
type Bootstrap = {
  debs: readonly Deb[];
  packages: readonly string[];
  variant: 'essential' | 'extract';
  hooks: readonly string[];
  dpkg?: readonly string[];
  output: string | null;
  epoch: number;
  say: Say;
};

/** What is never installed: pages that nobody reads on a laptop's console. Copyright files stay. */
const WITHOUT = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/info/*',
];

export type SystemParts = { tar: string; vmlinuz: string; initrd: string; font: string; licences: string };

/** The live system as a tar, and beside it its kernel, initial system and console font. */
export async function makeSystem(
  work: string,
  { payload, ...rest }: Pick<Bootstrap, 'debs' | 'packages' | 'epoch' | 'say'> & { payload: string },
): Promise<SystemParts> {
  const folder = join(work, 'system');
  await mkdir(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const parts = {
    tar: at('system.tar'),
    vmlinuz: at('vmlinuz'),
    initrd: at('initrd.img'),
    font: at('console.psf'),
    licences: at('licences.tsv'),
  };
  await bootstrap({
    ...rest,
    variant: 'essential',
    dpkg: WITHOUT,
    output: parts.tar,
    hooks: [
      `copy-in ${quote(payload)} /`,
      'chroot "$1" sh /payload/system.sh',
      `download /boot-files/vmlinuz ${quote(parts.vmlinuz)}`,
      `download /boot-files/initrd.img ${quote(parts.initrd)}`,
      `download /boot-files/console.psf ${quote(parts.font)}`,
      `download /boot-files/licences.tsv ${quote(parts.licences)}`,
      'rm -r "$1/payload" "$1/boot-files"',
    ],
  });
  return parts;
}

/** Assembles inside the workbench: `input` becomes its /in, and its /out comes back into `output`. */
export async function assemble({
  input,
  output,
  tar,
  ...rest
}: Pick<Bootstrap, 'debs' | 'packages' | 'epoch' | 'say'> & {
  input: string;
  output: string;
  tar: string;
}): Promise<void> {
  await mkdir(output, { recursive: true });
  // The namespace's own root writes here where this runs without root.
  await chmod(output, 0o755);
  await bootstrap({
    ...rest,
    variant: 'extract',
    output: null,
    hooks: [
      'mkdir -p "$1/tmp" "$1/proc" "$1/dev"',
      `copy-in ${quote(input)} /`,
      `upload ${quote(tar)} /in/system.tar`,
      'chroot "$1" sh /in/assemble.sh',
      `sync-out /out ${quote(output)}`,
    ],
  });
}

/** One tree from a set of .deb files, by mmdebstrap; its hooks are words for a shell, `$1` being the tree. */
export async function bootstrap({
  debs,
  packages,
  variant,
  hooks,
  dpkg = [],
  output,
  epoch,
  say,
}: Bootstrap): Promise<void> {
  await using repository = await serveRepository(debs);
  const mode = process.getuid?.() === 0 ? 'root' : 'unshare';
  await run(
    [
      'mmdebstrap',
      `--mode=${mode}`,
      `--variant=${variant}`,
      '--architectures=amd64',
      `--format=${output === null ? 'null' : 'tar'}`,
      `--include=${packages.join(',')}`,
      '--aptopt=Acquire::http::Proxy::127.0.0.1 "DIRECT"',
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=APT::Install-Recommends "false"',
      ...dpkg.map((option) => `--dpkgopt=${option}`),
      // Nothing is configured in the workbench: unpacked is enough, and its hooks run then.
      ...hooks.map((hook) => `--${variant === 'extract' ? 'extract' : 'customize'}-hook=${hook}`),
      'trixie',
      output ?? '-',
      repository.source,
    ],
    {
      // The kernel's own package would make an initial system that is thrown away.
      env: { SOURCE_DATE_EPOCH: String(epoch), INITRD: 'No', DEBIAN_FRONTEND: 'noninteractive' },
      onLine: (line) => {
        const step = /^REBOND-STEP (.+)$/.exec(line)?.[1];
        if (step !== undefined) say(step);
      },
    },
  );
}

/** Special hooks of mmdebstrap split their words as a shell does. */
const quote = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
