import type { HiddenDrives } from '../decide/topology.ts';
import type { Files } from '../effects/types.ts';
import { mayList, mustList, mustRead } from './must-read.ts';

const PCI = '/sys/bus/pci/devices';

/** Device numbers of Intel's Volume Management Device, as the kernel's driver lists them (drivers/pci/controller/vmd.c). */
const VMD = [
  '0x201d',
  '0x28c0',
  '0x467f',
  '0x4c3d',
  '0x7d0b',
  '0x9a0b',
  '0xa77f',
  '0xad0b',
  '0xb06f',
  '0xb60b',
];

/** Controllers that keep drives from the kernel; a machine without a PCI bus has none. */
export async function readHiddenDrives(files: Files): Promise<HiddenDrives> {
  const hidden: HiddenDrives = { remapped: [], vmdWithoutDriver: [] };
  for (const address of (await mayList(files, PCI)) ?? []) {
    const folder = `${PCI}/${address}`;
    const entries = await mustList(files, folder);
    if (
      entries.includes('remapped_nvme') &&
      (await mustRead(files, `${folder}/remapped_nvme`)).trim() !== '0'
    ) {
      hidden.remapped.push(address);
    }
    if (!entries.includes('driver') && (await isVmd(files, folder))) hidden.vmdWithoutDriver.push(address);
  }
  return hidden;
}

async function isVmd(files: Files, folder: string): Promise<boolean> {
  if ((await mustRead(files, `${folder}/vendor`)).trim() !== '0x8086') return false;
  return VMD.includes((await mustRead(files, `${folder}/device`)).trim());
}
