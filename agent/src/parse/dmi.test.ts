import { SystemFacts } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { bytesOf, memoryOfDmi } from './dmi-memory.ts';
import { chassisOfNumber, systemOfDmi } from './dmi-system.ts';
import { parseDmi, type DmiStructure } from './dmi.ts';

const TABLE = `# dmidecode 3.6
Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
\tVendor: EXAMPLE
\tVersion: E1.02 (1.2 )
\tCharacteristics:
\t\tPCI is supported: yes
\tRelease Date: 01/02/2020

Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: EXAMPLE
\tProduct Name: Laptop 14: the blue one
\tVersion: To Be Filled By O.E.M.
\tSerial Number: EX12345
\tUUID: 03000200-0400-0500-0006-000700080009

Handle 0x0003, DMI type 3, 22 bytes
Chassis Information
\tType: Notebook

Handle 0x0010, DMI type 16, 23 bytes
Physical Memory Array
\tUse: System Memory

Handle 0x0011, DMI type 16, 23 bytes
Physical Memory Array
\tUse: Flash Memory

Handle 0x0020, DMI type 17, 40 bytes
Memory Device
\tArray Handle: 0x0010
\tSize: 8 GB
\tLocator: DIMM 0
\tBank Locator: CHANNEL A
\tType: DDR4
\tSpeed: 3200 MT/s
\tConfigured Memory Speed: 2667 MT/s
\tManufacturer: Example Memory
\tPart Number: <BAD INDEX>

Handle 0x0021, DMI type 17, 40 bytes
Memory Device
\tArray Handle: 0x0010
\tSize: 4096 MB
\tLocator: DIMM 0
\tBank Locator: CHANNEL B
\tType: <OUT OF SPEC>
\tSpeed: 1 ns
\tConfigured Clock Speed: 1600 MHz

Handle 0x0022, DMI type 17, 40 bytes
Memory Device
\tArray Handle: 0x0010
\tSize: No Module Installed
\tLocator: DIMM 1

Handle 0x0023, DMI type 17, 40 bytes
Memory Device
\tArray Handle: 0x0011
\tSize: 16 MB
\tLocator: SYSTEM ROM
`;

const structures = (text: string): DmiStructure[] => {
  const table = parseDmi(text);
  if (table.kind === 'failed') throw new Error(table.failure.detail);
  return table.value;
};

const fieldsOf = (text: string) => structures(text).map(({ fields }) => Array.from(fields));

describe('parseDmi', () => {
  it('gives the same structures with CRLF, blanks for tabs, or the type on a line of its own', () => {
    const expected = fieldsOf(TABLE);
    const variants = [
      TABLE.replaceAll('\n', '\r\n'),
      TABLE.replaceAll('\t', '    '),
      TABLE.replaceAll(/, DMI type (\d+), (\d+) bytes\n/g, '\n\tDMI type $1, $2 bytes.\n').replaceAll(
        /^(?=[A-Z]\w+ \w+\n)/gm,
        '\t',
      ),
    ];
    for (const variant of variants) expect(fieldsOf(variant)).toEqual(expected);
  });

  it('leaves lists out and keeps the colons in a value', () => {
    const [bios, system] = structures(TABLE);
    expect(bios?.fields.has('PCI is supported')).toBe(false);
    expect(system?.fields.get('Product Name')).toBe('Laptop 14: the blue one');
  });

  it.each(['', '# dmidecode 3.6\n# No SMBIOS nor DMI entry point found, sorry.\n'])('fails on %j', (text) => {
    expect(parseDmi(text)).toMatchObject({ kind: 'failed', failure: { code: 'unreadable' } });
  });
});

describe('systemOfDmi', () => {
  it('reads maker and product, and drops placeholders and the shared UUID', () => {
    expect(SystemFacts.parse(systemOfDmi(structures(TABLE)))).toEqual({
      manufacturer: 'EXAMPLE',
      product: 'Laptop 14: the blue one',
      version: null,
      serial: 'EX12345',
      uuid: null,
      boardSerial: null,
      chassis: 'Notebook',
      firmwareVendor: 'EXAMPLE',
      firmwareVersion: 'E1.02 (1.2 )',
      firmwareDate: '01/02/2020',
    });
  });

  it('names chassis numbers as dmidecode does', () => {
    expect([3, 9, 10, 10 | 0x80, 31, 36].map(chassisOfNumber)).toEqual([
      'Desktop',
      'Laptop',
      'Notebook',
      'Notebook',
      'Convertible',
      'Stick PC',
    ]);
    expect([0, 1, 2, 99, null].map(chassisOfNumber)).toEqual([null, null, null, null, null]);
  });
});

describe('memoryOfDmi', () => {
  it('lists fitted modules of system memory, tells slots of one name apart and counts empty ones', () => {
    const memory = memoryOfDmi(structures(TABLE));
    expect(memory).toMatchObject({
      kind: 'parsed',
      value: {
        emptySlots: 1,
        modules: [
          { slot: 'DIMM 0 CHANNEL A', sizeBytes: 8 * 1024 ** 3, type: 'DDR4', speed: 3200, partNumber: null },
          { slot: 'DIMM 0 CHANNEL B', sizeBytes: 4 * 1024 ** 3, type: null, speed: 1600 },
        ],
      },
    });
  });

  it('does not know where the table has no memory devices', () => {
    const withoutMemory = structures(TABLE).filter(({ type }) => type !== 17);
    expect(memoryOfDmi(withoutMemory)).toMatchObject({ kind: 'failed', failure: { code: 'unreadable' } });
  });

  it('reads sizes in every unit, and nothing from what is none', () => {
    expect(['512 bytes', '64 kB', '2 MB', '1 TB'].map(bytesOf)).toEqual([512, 65_536, 2 ** 21, 2 ** 40]);
    expect(['Unknown', '0 MB', '', '8GB', '999999999999 TB', undefined].map(bytesOf)).toEqual(
      Array(6).fill(null),
    );
  });
});
