import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the firmware says of the machine (SMBIOS), as dmidecode shows it. */
export type Dmi = {
  maker: string;
  product: string;
  version?: string;
  serial: string;
  family?: string;
  sku?: string;
  uuid?: string;
  asset?: string;
  board?: string;
  bios: { maker: string; version: string; date: string };
  processor?: { maker: string; version: string };
  memory?: { maker: string; part: string; serial: string; speed?: number };
};

export const DELL_LATITUDE: Dmi = {
  maker: 'Dell Inc.',
  product: 'Latitude 5490',
  serial: '7XK2RQ2',
  family: 'Latitude',
  sku: '0816',
  uuid: '4c4c4544-0058-4b10-8032-b7c04f525132',
  asset: 'LOT-0042',
  board: '0W2KXV',
  bios: { maker: 'Dell Inc.', version: '1.30.0', date: '06/16/2023' },
  processor: { maker: 'Intel(R) Corporation', version: 'Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz' },
  memory: { maker: 'SK Hynix', part: 'HMA81GS6CJR8N-VK', serial: '2C7F31A0', speed: 2400 },
};

export const LENOVO_THINKPAD: Dmi = {
  maker: 'LENOVO',
  product: '20L6S29X00',
  version: 'ThinkPad T480',
  serial: 'PF1B2C3D',
  family: 'ThinkPad T480',
  sku: 'LENOVO_MT_20L6_BU_Think_FM_ThinkPad T480',
  board: '20L6S29X00',
  bios: { maker: 'LENOVO', version: 'N24ET70W (1.45 )', date: '02/17/2023' },
  processor: { maker: 'Intel(R) Corporation', version: 'Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz' },
  memory: { maker: 'Samsung', part: 'M471A1K43CB1-CTD', serial: '35A1B2C3', speed: 2400 },
};

/** A machine whose maker filled nothing in. */
export const NO_NAME: Dmi = {
  maker: 'To be filled by O.E.M.',
  product: 'To be filled by O.E.M.',
  serial: 'Default string',
  bios: { maker: 'American Megatrends Inc.', version: '5.12', date: '01/01/2019' },
};

/** QEMU's words for it; the enclosure is a file of our own, because QEMU's is always of type "other". */
export function dmiArguments(dmi: Dmi, folder: string): string[] {
  const enclosure = join(folder, 'enclosure.bin');
  writeFileSync(enclosure, enclosureOf(dmi));
  const { bios, processor, memory } = dmi;
  const types = [
    smbios(0, { vendor: bios.maker, version: bios.version, date: bios.date, uefi: 'on' }),
    smbios(1, {
      manufacturer: dmi.maker,
      product: dmi.product,
      version: dmi.version,
      serial: dmi.serial,
      uuid: dmi.uuid,
      sku: dmi.sku,
      family: dmi.family,
    }),
    smbios(2, { manufacturer: dmi.maker, product: dmi.board ?? dmi.product, serial: `/${dmi.serial}/` }),
    ...(processor ? [smbios(4, { manufacturer: processor.maker, version: processor.version })] : []),
    ...(memory
      ? [
          smbios(17, {
            manufacturer: memory.maker,
            part: memory.part,
            serial: memory.serial,
            speed: memory.speed === undefined ? undefined : String(memory.speed),
            loc_pfx: 'DIMM',
          }),
        ]
      : []),
    `file=${comma(enclosure)}`,
  ];
  return types.flatMap((each) => ['-smbios', each]);
}

function smbios(type: number, fields: Record<string, string | undefined>): string {
  const given = Object.entries(fields).flatMap(([name, text]) =>
    text === undefined ? [] : [`${name}=${comma(text)}`],
  );
  return [`type=${type}`, ...given].join(',');
}

/** QEMU separates by commas; one within a text is written twice. */
export function comma(text: string): string {
  return text.replaceAll(',', ',,');
}

const NOTEBOOK = 10;

/** SMBIOS 3.0, type 3: 22 bytes and the strings that they count from 1. */
export function enclosureOf({ maker, serial, asset, sku }: Dmi): Buffer {
  const strings: string[] = [];
  const text = (value: string | undefined): number => (value ? strings.push(value) : 0);
  const [makerAt, serialAt, assetAt] = [text(maker), text(serial), text(asset)];
  const states = [3, 3, 3, 2];
  const skuAt = text(sku);
  const body = [3, 22, 0, 3, makerAt, NOTEBOOK, 0, serialAt, assetAt, ...states];
  const tail = [0, 0, 0, 0, 0, 1, 0, 0, skuAt];
  return Buffer.concat([Buffer.from([...body, ...tail]), Buffer.from(`${strings.join('\0')}\0\0`, 'latin1')]);
}
