import type { MemoryFacts, MemoryModule } from '@rebond/protocol';
import { DMIDECODE, ofType, type DmiStructure } from './dmi.ts';
import { failed, integer, parsed, type Parsed } from './parsed.ts';
import { meaningful, trimmed } from './placeholder.ts';

const MODULES_MAX = 128;

type MemoryModules = Extract<MemoryFacts['modules'], { outcome: 'read' }>['value'];

/** Memory devices (type 17) of the arrays that hold system memory: flash and video memory have devices too. */
export function memoryOfDmi(structures: readonly DmiStructure[]): Parsed<MemoryModules> {
  const others = new Set(
    ofType(structures, 16, /^Physical Memory Array/)
      .filter((array) => !['System Memory', undefined].includes(array.fields.get('Use')))
      .map(({ handle }) => handle),
  );
  const devices = ofType(structures, 17, /^Memory Device$/).filter(
    ({ fields }) =>
      fields.has('Size') &&
      !others.has(handleOf(fields.get('Array Handle'))) &&
      !/^(?:flash|rom)$/i.test(fields.get('Type') ?? ''),
  );
  if (devices.length === 0) return failed('unreadable', DMIDECODE, 'the table has no memory devices');
  const filled = devices.filter((device) => !isEmpty(device.fields.get('Size')));
  const named = distinct(filled);
  return parsed({
    modules: filled.slice(0, MODULES_MAX).map((device, index) => toModule(device, named[index] ?? '')),
    emptySlots: devices.length - filled.length,
  });
}

function handleOf(text: string | undefined): string | null {
  return (
    /^0x([0-9A-F]+)$/i
      .exec(text ?? '')?.[1]
      ?.toUpperCase()
      .padStart(4, '0') ?? null
  );
}

function isEmpty(size: string | undefined): boolean {
  return /^(?:no module installed|not installed|none|0(?: \w+)?)$/i.test(size ?? '');
}

/** `DIMM 0` may name the chip on each channel: then the bank tells them apart. */
function distinct(devices: readonly DmiStructure[]): string[] {
  const locators = devices.map((device) => trimmed(device.fields.get('Locator')) ?? '');
  return devices.map((device, index) => {
    const locator = locators[index] ?? '';
    const bank = meaningful(device.fields.get('Bank Locator'));
    const isShared = locators.filter((other) => other === locator).length > 1;
    return bank !== null && (isShared || locator === '') ? `${locator} ${bank}`.trim() : locator;
  });
}

function toModule({ fields }: DmiStructure, slot: string): MemoryModule {
  const speed = transfers(fields.get('Speed'));
  return {
    slot: trimmed(slot) ?? '',
    sizeBytes: bytesOf(fields.get('Size')),
    type: meaningful(fields.get('Type')?.replace(/^Other$/, '')),
    speed: speed ?? transfers(fields.get('Configured Memory Speed') ?? fields.get('Configured Clock Speed')),
    manufacturer: meaningful(fields.get('Manufacturer')),
    partNumber: meaningful(fields.get('Part Number')),
    serial: meaningful(fields.get('Serial Number')),
  };
}

const UNITS: Readonly<Record<string, number>> = { bytes: 0, kb: 1, mb: 2, gb: 3, tb: 4 };

/** `8192 MB`, `8 GB`: powers of 1024 (dmidecode's `dmi_print_memory_size`). */
export function bytesOf(size: string | undefined): number | null {
  const [, count, unit = ''] = /^(\d{1,12}) (bytes|kB|MB|GB|TB)$/i.exec(size ?? '') ?? [];
  const bytes = (integer(count) ?? 0) * 1024 ** (UNITS[unit.toLowerCase()] ?? 0);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** `3200 MT/s`, or MHz as dmidecode before 3.1 called the same figure; `1 ns` is nothing. */
function transfers(speed: string | undefined): number | null {
  const value = integer(/^(\d{1,6}) (?:MT\/s|MHz)\b/.exec(speed ?? '')?.[1]);
  return value === 0 ? null : value;
}
