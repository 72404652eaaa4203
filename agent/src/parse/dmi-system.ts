import type { SystemFacts } from '@rebond/protocol';
import { ofType, type DmiStructure } from './dmi.ts';
import { meaningful, meaningfulUuid } from './placeholder.ts';

/** Maker, product and serials from the first BIOS, system, board and chassis structures (types 0 to 3). */
export function systemOfDmi(structures: readonly DmiStructure[]): SystemFacts {
  const [bios] = ofType(structures, 0, /^BIOS Information/);
  const [system] = ofType(structures, 1, /^System Information/);
  const [board] = ofType(structures, 2, /^Base Board/);
  const [chassis] = ofType(structures, 3, /^(?:Chassis|System Enclosure)/);
  const field = (from: DmiStructure | undefined, key: string): string | null =>
    meaningful(from?.fields.get(key));
  return {
    manufacturer: field(system, 'Manufacturer') ?? field(system, 'Vendor'),
    product: field(system, 'Product Name') ?? field(system, 'Product'),
    version: field(system, 'Version'),
    serial: field(system, 'Serial Number'),
    uuid: meaningfulUuid(system?.fields.get('UUID')),
    boardSerial: field(board, 'Serial Number'),
    chassis: chassisName(chassis?.fields.get('Type')),
    firmwareVendor: field(bios, 'Vendor'),
    firmwareVersion: field(bios, 'Version'),
    firmwareDate: field(bios, 'Release Date') ?? field(bios, 'Release'),
  };
}

function chassisName(type: string | undefined): string | null {
  const name = meaningful(type);
  return name === 'Other' ? null : name;
}

/** DSP0134 §7.4.1, in dmidecode's words; 1 and 2 mean that the maker did not say. */
const CHASSIS_TYPES = [
  'Desktop',
  'Low Profile Desktop',
  'Pizza Box',
  'Mini Tower',
  'Tower',
  'Portable',
  'Laptop',
  'Notebook',
  'Hand Held',
  'Docking Station',
  'All In One',
  'Sub Notebook',
  'Space-saving',
  'Lunch Box',

  'Main Server Chassis',
  'Expansion Chassis',
  'Sub Chassis',
  'Bus Expansion Chassis',
  'Peripheral Chassis',
  'RAID Chassis',
  'Rack Mount Chassis',
  'Sealed-case PC',
  'Multi-system',
  'CompactPCI',
  'AdvancedTCA',

  'Blade',
  'Blade Enclosing',
  'Tablet',
  'Convertible',
  'Detachable',
  'IoT Gateway',
  'Embedded PC',
  'Mini PC',
  'Stick PC',
];

/** The name of a chassis type number as `/sys/class/dmi/id/chassis_type` gives it; bit 7 is the lock. */
export function chassisOfNumber(number: number | null): string | null {
  return number === null ? null : (CHASSIS_TYPES[(number & 0x7f) - 3] ?? null);
}
