import { canonicalBytes, sha256Hex, type Inventory, type MachineRef } from '@rebond/protocol';
import { meaningful, meaningfulUuid } from '../parse/placeholder.ts';

/**
 * How this laptop is recognized when it comes back: by its DMI serial or UUID, else by its lowest permanent MAC
 * address, else only within this session. The id is `m-` and the first 32 hexadecimal digits of the SHA-256 of the
 * canonical identity; firmware versions and parts that get replaced are not in it.
 * @param macs addresses of built-in network cards, in any notation
 */
export async function machineRef(
  inventory: Inventory,
  macs: readonly string[],
  sessionId: string,
): Promise<MachineRef> {
  const dmi = dmiIdentity(inventory);
  if (dmi !== null) return await reference('dmi', dmi);
  const mac = lowestPermanent(macs);
  if (mac !== null) return await reference('mac', { mac });
  return await reference('session', { sessionId });
}

async function reference(
  basis: MachineRef['basis'],
  identity: Record<string, string | null>,
): Promise<MachineRef> {
  const digest = await sha256Hex(canonicalBytes({ basis, ...identity }));
  return { id: `m-${digest.slice(0, 32)}`, basis };
}

/** A serial is unique only among one maker's machines, so maker and product go with it. */
function dmiIdentity({ system }: Inventory): Record<string, string | null> | null {
  if (system.outcome !== 'read') return null;
  const serial = meaningful(system.value.serial);
  const uuid = meaningfulUuid(system.value.uuid);
  if (serial === null && uuid === null) return null;
  return { manufacturer: system.value.manufacturer, product: system.value.product, serial, uuid };
}

/** IEEE 802: bit 1 of the first byte marks a locally administered address, bit 0 a group. */
function lowestPermanent(macs: readonly string[]): string | null {
  const permanent = macs
    .map((mac) => mac.toLowerCase().replaceAll(/[:.\s-]/g, ''))
    .filter((mac) => /^[0-9a-f]{12}$/.test(mac) && !/^0+$/.test(mac))
    .filter((mac) => (Number.parseInt(mac.slice(0, 2), 16) & 3) === 0);
  return permanent.toSorted()[0] ?? null;
}
