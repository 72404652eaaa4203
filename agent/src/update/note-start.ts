import { ImageManifest } from '@rebond/protocol';
import { type BootMemory, failedStart, type FailedStart, otherSlot, type SlotName } from '../decide/slot.ts';
import type { SlotDoors } from '../effects/slot-files.ts';
import type { Files } from '../effects/types.ts';
import { GRUBENV_BYTES, parseGrubenv, setInGrubenv } from '../parse/grubenv.ts';
import { parseReadyCfg } from '../parse/ready-cfg.ts';
import type { BootSlot } from './look.ts';

/** GRUB's environment block is not there, damaged or full: GRUB cannot count starts with it either. */
export class GrubenvUnusable extends Error {
  override name = 'GrubenvUnusable';
}

type Doors = Pick<SlotDoors, 'rewriteInPlace'> & { files: Files };

/** An update whose first start came to nothing; `version` is null where its manifest cannot be read. */
export type NotStarted = FailedStart & { version: string | null };

/**
 * Tells GRUB that this slot's agent came up, so that it goes on starting it; and has a newer slot that did not come up
 * tried again, a few times. The slot that runs is good either way.
 * @returns the newer slot that failed, if one did
 * @throws GrubenvUnusable, and the errors of writing
 */
export async function noteStart(boot: BootSlot, doors: Doors): Promise<NotStarted | null> {
  const values = await readGrubenv(boot, doors);
  const other = otherSlot(boot.slot);
  const failed = await failedIn(boot, values, doors.files);
  const set: Record<string, string> = { [`good_${boot.slot}`]: String(boot.image.serial) };
  if (failed) set[`failed_${other}`] = `${failed.serial}x${failed.times}`;
  if (failed?.again) set[`tried_${other}`] = '0';
  await setValues(boot, doors, values, set);
  return failed && { ...failed, version: await versionIn(boot.root, other, doors.files) };
}

/** What goes into the other slot begins with all its tries. */
export async function forgetTries(boot: BootSlot, doors: Doors): Promise<void> {
  const other = otherSlot(boot.slot);
  const values = await readGrubenv(boot, doors);
  const noted = [`tried_${other}`, `failed_${other}`].filter((name) => (values.get(name) ?? '0') !== '0');
  await setValues(boot, doors, values, Object.fromEntries(noted.map((name) => [name, '0'])));
}

/** The serial of an image that was started in vain as often as it may be; null where there is none. */
export async function givenUp(boot: BootSlot, files: Files): Promise<number | null> {
  const read = await files.bytes(grubenvOf(boot), GRUBENV_BYTES);
  const values = read.kind === 'read' ? parseGrubenv(read.value) : null;
  const failed = values && (await failedIn(boot, values, files));
  return failed && !failed.again ? failed.serial : null;
}

async function failedIn(
  { root, slot, image }: BootSlot,
  values: Map<string, string>,
  files: Files,
): Promise<FailedStart | null> {
  const other = otherSlot(slot);
  const read = await files.text(`${root}/live-${other}/ready.cfg`, 4096);
  const waits = read.kind === 'read' ? parseReadyCfg(read.value, other) : null;
  const ready = slot === 'a' ? { a: image.serial, b: waits } : { a: waits, b: image.serial };
  return failedStart(slot, ready, memoryOf(values), countedIn(values.get(`failed_${other}`)));
}

const grubenvOf = ({ root }: BootSlot): string => `${root}/boot/grub/grubenv`;

async function readGrubenv(boot: BootSlot, { files }: Doors): Promise<Map<string, string>> {
  const read = await files.bytes(grubenvOf(boot), GRUBENV_BYTES);
  const values = read.kind === 'read' ? parseGrubenv(read.value) : null;
  if (!values) throw new GrubenvUnusable(grubenvOf(boot));
  return values;
}

/** Only what is not said already: a stick is not worn out by every start. */
async function setValues(
  boot: BootSlot,
  doors: Doors,
  values: Map<string, string>,
  set: Record<string, string>,
): Promise<void> {
  const path = grubenvOf(boot);
  const news = Object.entries(set).filter(([name, value]) => values.get(name) !== value);
  if (news.length === 0) return;
  const read = await doors.files.bytes(path, GRUBENV_BYTES);
  const block = read.kind === 'read' ? setInGrubenv(read.value, Object.fromEntries(news)) : null;
  if (!block) throw new GrubenvUnusable(`${path} is full`);
  await doors.rewriteInPlace(path, block);
}

function memoryOf(values: Map<string, string>): BootMemory {
  const of = (name: string) => ({
    a: serialIn(values.get(`${name}_a`)),
    b: serialIn(values.get(`${name}_b`)),
  });
  return { tried: of('tried'), good: of('good') };
}

function serialIn(text = ''): number | null {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null;
}

function countedIn(text = ''): { serial: number; times: number } | null {
  const [, serial, times] = /^([1-9][0-9]{0,14})x([1-9])$/.exec(text) ?? [];
  return serial && times ? { serial: Number(serial), times: Number(times) } : null;
}

async function versionIn(root: string, slot: SlotName, files: Files): Promise<string | null> {
  const read = await files.text(`${root}/live-${slot}/manifest.json`, 65_536);
  if (read.kind !== 'read') return null;
  try {
    return ImageManifest.parse(JSON.parse(read.value)).version;
  } catch {
    return null; // half written, or not ours
  }
}
