import type { Files } from '../effects/types.ts';
import { attribute } from './answers.ts';

const NET = '/sys/class/net';
const ETHERNET = '1'; // ARPHRD_ETHER, which Wi-Fi has too

/**
 * Permanent MAC addresses of the built-in network cards, sorted. An adapter on USB belongs to the bench, and an
 * address that was set or drawn at random (`addr_assign_type` other than 0) to nobody.
 */
export async function probeMacs(files: Files): Promise<string[]> {
  const names = await files.list(NET);
  if (names.kind !== 'read') return [];
  const macs = await Promise.all(names.value.map((name) => builtIn(files, `${NET}/${name}`)));
  return macs.filter((mac) => mac !== null).toSorted();
}

async function builtIn(files: Files, folder: string): Promise<string | null> {
  const device = await files.real(`${folder}/device`);
  if (device.kind !== 'read' || /\/usb\d+\//.test(device.value)) return null;
  const [type, assigned, address] = await Promise.all([
    attribute(files, `${folder}/type`),
    attribute(files, `${folder}/addr_assign_type`),
    attribute(files, `${folder}/address`),
  ]);
  const isPermanent = type === ETHERNET && (assigned === '0' || assigned === null);
  return isPermanent && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(address ?? '') ? address : null;
}
