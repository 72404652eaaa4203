// A Linux that is up in a few seconds, with a script of the test as its only program: kernel, modules, busybox and
// libraries are the live image's own, so that what holds here holds there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpio, type Entry } from './cpio.ts';
import { LaptopError, type LaptopDescription } from './describe.ts';
import { elfNeeds } from './elf.ts';
import { type Laptop, makeLaptop } from './laptop.ts';
import { moduleFiles, type SystemTree } from './system-tree.ts';

export type SmallGuest = Omit<LaptopDescription, 'boot'> & {
  tree: SystemTree;
  /** A shell script (busybox); its output goes to the serial port, `UP` is said before and `ENDED <status>` after it. */
  script: string;
  /** Kernel modules, with what they need; see MODULES. */
  modules?: readonly string[];
  /** What else is in the guest: a text, bytes, or a file of this machine (`from`) or of the image's system (`system`). */
  files?: Record<string, string | Uint8Array | { from: string } | { system: string }>;
  /** More for the kernel's command line. */
  append?: string;
};

/** Names by what they are for. */
export const MODULES = {
  usb: ['xhci_pci', 'usb_storage', 'sd_mod'],
  fat: ['vfat', 'nls_ascii', 'nls_cp437', 'nls_utf8'],
  nvme: ['nvme'],
  sata: ['ahci', 'sd_mod'],
  sd: ['sdhci_pci', 'mmc_block'],
  virtio: ['virtio_pci', 'virtio_blk'],
  battery: ['battery', 'ac'],
  panel: ['bochs'],
  network: ['virtio_pci', 'virtio_net', 'e1000e', 'af_packet'],
  lab: ['virtio_pci', 'virtio_scsi', 'sd_mod', 'sg'],
} as const;

/**
 * Emulated code is translated anew for every place in memory that it runs at, and checks against speculation are
 * translated too: with neither, a program starts in a fifth of the time.
 */
const FASTER = 'norandmaps mitigations=off';

const UP = 'small guest: up';
export const ENDED = /small guest: ended (\d+)/;

export async function startSmallGuest(guest: SmallGuest): Promise<Laptop> {
  const laptop = makeSmallGuest(guest);
  await laptop.powerOn();
  return laptop;
}

/** The same, still off. */
export function makeSmallGuest({
  tree,
  script,
  modules = [],
  files = {},
  append = '',
  ...laptop
}: SmallGuest): Laptop {
  mkdirSync(laptop.folder, { recursive: true });
  const initrd = join(laptop.folder, 'small-guest.cpio');
  writeFileSync(initrd, cpio(entriesOf(tree, script, modules, files)));
  const words = `console=ttyS0,115200 quiet panic=-1 rdinit=/init ${FASTER} ${append}`.trim();
  return makeLaptop({
    ram: '512M',
    network: 'none',
    ...laptop,
    boot: { kernel: tree.kernel, initrd, append: words },
  });
}

function entriesOf(
  tree: SystemTree,
  script: string,
  modules: readonly string[],
  files: NonNullable<SmallGuest['files']>,
): Entry[] {
  const program = (path: string, content: Buffer): Entry => ({ kind: 'file', path, content, mode: 0o755 });
  const given = Object.entries(files).map(([path, file]) => program(path, contentOf(tree, file)));
  const base = [program('bin/busybox', fromSystem(tree, 'usr/bin/busybox')), ...given];
  return [
    ...['proc', 'sys', 'dev', 'tmp', 'run', 'mnt', 'root', 'etc'].map(
      (path) => ({ kind: 'folder', path }) as const,
    ),
    ...['usr/bin', 'usr/lib'].map((path) => ({ kind: 'folder', path }) as const),
    ...base,
    ...librariesOf(tree, base),
    ...moduleFiles(tree, modules).map((path, at) => {
      const name = `modules/${String(at).padStart(3, '0')}.ko`;
      return program(name, unpacked(tree.find(path) ?? path));
    }),
    program('init', Buffer.from(INIT)),
    program('script', Buffer.from(script)),
  ];
}

function contentOf(tree: SystemTree, file: NonNullable<SmallGuest['files']>[string]): Buffer {
  if (typeof file === 'string' || file instanceof Uint8Array) return Buffer.from(file);
  return 'from' in file ? readFileSync(file.from) : fromSystem(tree, file.system);
}

function fromSystem(tree: SystemTree, path: string): Buffer {
  const found = tree.find(path);
  if (found === null) throw new LaptopError('bad-file', `the image’s system has no ${path}`);
  return readFileSync(found);
}

const LIBRARY_FOLDERS = ['usr/lib/x86_64-linux-gnu', 'usr/lib'];

/** Every library that a program among them needs, and those that these need, with the loader. */
function librariesOf(tree: SystemTree, programs: readonly Entry[]): Entry[] {
  const found = new Map<string, Entry>();
  const look = (content: Buffer): void => {
    const needs = elfNeeds(content);
    for (const name of needs?.libraries ?? [])
      add(
        `usr/lib/${name}`,
        LIBRARY_FOLDERS.map((folder) => `${folder}/${name}`),
      );
    if (needs?.interpreter) add(needs.interpreter.slice(1), [needs.interpreter]);
  };
  const add = (path: string, places: readonly string[]): void => {
    if (found.has(path)) return;
    const place = places.find((each) => tree.find(each) !== null);
    if (!place) throw new LaptopError('bad-file', `the image’s system has no ${path}`);
    const content = fromSystem(tree, place);
    found.set(path, { kind: 'file', path, content, mode: 0o755 });
    look(content);
  };
  for (const entry of programs) if (entry.kind === 'file') look(entry.content);
  return [...found.values()];
}

/** Modules are compressed in the system, and busybox wants them plain. */
function unpacked(path: string): Buffer {
  const program = path.endsWith('.xz')
    ? 'xz'
    : path.endsWith('.zst')
      ? 'zstd'
      : path.endsWith('.gz')
        ? 'gzip'
        : null;
  if (program === null) return readFileSync(path);
  const run = spawnSync(program, ['-dc', path], { maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new LaptopError('bad-file', `${program}: ${run.stderr.toString().trim()}`);
  return run.stdout;
}

const INIT = `#!/bin/busybox sh
export PATH=/bin:/usr/bin:/sbin:/usr/sbin HOME=/root
/bin/busybox mkdir -p /sbin /usr/sbin
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/ttyS0 >/dev/ttyS0 2>&1
for module in /modules/*.ko; do [ -e "$module" ] && insmod "$module"; done
echo "${UP} $(cut -d' ' -f1 /proc/uptime)"
. /script
echo "small guest: ended $?"
sync
poweroff -f
`;
