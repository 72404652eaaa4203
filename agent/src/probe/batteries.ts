import type { Battery, Part } from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { parseSupply, type Supply } from '../parse/battery.ts';
import { failed, type Parsed } from '../parse/parsed.ts';
import { attribute, failedPart, unread } from './answers.ts';

const SUPPLIES = '/sys/class/power_supply';
const BATTERIES_MAX = 16;

/**
 * Batteries of the laptop itself. The kernel has the class whenever it is built with power supplies, so an empty
 * folder means that there is no battery; without the folder nothing is known. A supply that cannot be read may
 * be the battery: then the part has failed unless another battery was read.
 */
export async function probeBatteries(
  files: Files,
): Promise<{ batteries: Part<Battery[]>; remarks: string[] }> {
  const names = await files.list(SUPPLIES);
  if (names.kind !== 'read') return { batteries: failedPart(unread(names, SUPPLIES)), remarks: [] };
  const supplies = await Promise.all(
    names.value.map(async (name) => ({ name, supply: await read(files, name) })),
  );
  const found = supplies.flatMap(({ supply }) =>
    supply.kind === 'parsed' && supply.value.kind === 'battery' ? [supply.value.battery] : [],
  );
  const failures = supplies.flatMap(({ supply }) => (supply.kind === 'failed' ? [supply.failure] : []));
  const remarks = supplies.flatMap(({ name, supply }) => remark(name, supply));
  return { batteries: part(found, failures[0]), remarks };
}

async function read(files: Files, name: string): Promise<Parsed<Supply>> {
  const folder = `${SUPPLIES}/${name}`;
  const [uevent, type, scope] = await Promise.all([
    files.text(`${folder}/uevent`, 65_536),
    attribute(files, `${folder}/type`),
    attribute(files, `${folder}/scope`),
  ]);
  const isOther = (type !== null && type !== 'Battery') || scope === 'Device';
  if (isOther) return { kind: 'parsed', value: { kind: 'not-a-battery' } };
  if (uevent.kind === 'read') return parseSupply(name, uevent.value, type);
  const { code, source, detail } = unread(uevent, `${folder}/uevent`);
  return failed(code, source, detail);
}

function part(found: Battery[], failure: Parameters<typeof failedPart>[0] | undefined): Part<Battery[]> {
  if (found.length > 0) {
    return { outcome: 'read', sources: [SUPPLIES], value: found.slice(0, BATTERIES_MAX) };
  }
  return failure === undefined ? { outcome: 'absent', sources: [SUPPLIES] } : failedPart(failure);
}

function remark(name: string, supply: Parsed<Supply>): string[] {
  if (supply.kind === 'failed') return [`${name}: ${supply.failure.code}, ${supply.failure.detail}`];
  return supply.value.kind === 'empty-bay' ? [`${name}: a bay for a battery, empty`] : [];
}
