import type { Certificate, MachineRecord } from '@rebond/protocol';

/** What a certificate says of the machine besides its id: as it was read, or that it was not. */
export function systemOf({ inventory: { system } }: MachineRecord): Omit<Certificate['machine'], 'ref'> {
  if (system.outcome !== 'read') return { manufacturer: null, product: null, serial: null };
  const { manufacturer, product, serial } = system.value;
  return { manufacturer, product, serial };
}
