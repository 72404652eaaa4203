import type { Part, SystemFacts } from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { chassisOfNumber, systemOfDmi } from '../parse/dmi-system.ts';
import { DMIDECODE, type DmiStructure } from '../parse/dmi.ts';
import { failure, integer, type Parsed } from '../parse/parsed.ts';
import { meaningful, meaningfulUuid } from '../parse/placeholder.ts';
import { attribute, failedPart } from './answers.ts';

const DMI = '/sys/class/dmi/id';

/** Who made the laptop: from sysfs, where serials need root, and from dmidecode for what sysfs lacks. */
export async function probeSystem(files: Files, dmi: Parsed<DmiStructure[]>): Promise<Part<SystemFacts>> {
  const kernel = await sysfsFacts(files);
  const table = dmi.kind === 'parsed' ? systemOfDmi(dmi.value) : null;
  const value = facts((fact) => kernel[fact] ?? table?.[fact] ?? null);
  if (isEmpty(value)) {
    return failedPart(
      dmi.kind === 'failed' ? dmi.failure : failure('nonsense', DMIDECODE, 'nothing but placeholders'),
    );
  }
  const sources = [isEmpty(kernel) ? null : DMI, isEmpty(table) ? null : DMIDECODE];
  return { outcome: 'read', sources: sources.filter((source) => source !== null), value };
}

/** The file of each fact under /sys/class/dmi/id. */
const FILES = {
  manufacturer: 'sys_vendor',
  product: 'product_name',
  version: 'product_version',
  serial: 'product_serial',
  uuid: 'product_uuid',
  boardSerial: 'board_serial',
  chassis: 'chassis_type',
  firmwareVendor: 'bios_vendor',
  firmwareVersion: 'bios_version',
  firmwareDate: 'bios_date',
} as const satisfies Record<keyof SystemFacts, string>;

const FACTS = Object.keys(FILES) as (keyof SystemFacts)[];

async function sysfsFacts(files: Files): Promise<SystemFacts> {
  const texts = await Promise.all(FACTS.map((fact) => attribute(files, `${DMI}/${FILES[fact]}`)));
  return facts((fact) => understood(fact, texts[FACTS.indexOf(fact)] ?? null));
}

function understood(fact: keyof SystemFacts, text: string | null): string | null {
  if (fact === 'uuid') return meaningfulUuid(text);
  return fact === 'chassis' ? chassisOfNumber(integer(text)) : meaningful(text);
}

function facts(of: (fact: keyof SystemFacts) => string | null): SystemFacts {
  return Object.fromEntries(FACTS.map((fact) => [fact, of(fact)])) as SystemFacts;
}

function isEmpty(system: SystemFacts | null): boolean {
  return system === null || FACTS.every((fact) => system[fact] === null);
}
