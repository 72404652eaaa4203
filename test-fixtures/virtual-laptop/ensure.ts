import { ensure, type Needed, whatToInstall } from '../../scripts/debian-packages.ts';
import { LaptopError } from './describe.ts';

export const VIRTUAL_LAPTOP_NEEDS: readonly Needed[] = [
  { program: 'qemu-system-x86_64', package: 'qemu-system-x86' },
  { program: '../lib/x86_64-linux-gnu/qemu/block-iscsi.so', package: 'qemu-block-extra' },
  { program: '../share/OVMF/OVMF_CODE_4M.ms.fd', package: 'ovmf' },
  { program: '../share/OVMF/OVMF32_CODE_4M.secboot.fd', package: 'ovmf-ia32' },
  { program: '../share/seabios/vgabios-stdvga.bin', package: 'seabios' },
  { program: '../lib/ipxe/qemu/pxe-e1000e.rom', package: 'ipxe-qemu' },
  { program: 'swtpm', package: 'swtpm' },
  { program: 'mcopy', package: 'mtools' },
  { program: 'mkfs.vfat', package: 'dosfstools' },
  { program: 'unsquashfs', package: 'squashfs-tools' },
  { program: 'xz', package: 'xz-utils' },
  { program: 'setpriv', package: 'util-linux' },
];

let there = false;

/** Installs what it needs when root, else says it in one error. Looks once. */
export function ensureVirtualLaptop(
  say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): void {
  if (there) return;
  const lacking = ensure(VIRTUAL_LAPTOP_NEEDS, say);
  if (lacking.length > 0) throw new LaptopError('lacking-packages', whatToInstall(lacking));
  there = true;
}
