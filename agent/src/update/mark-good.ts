import type { SlotDoors } from '../effects/slot-files.ts';
import type { Files } from '../effects/types.ts';
import { GRUBENV_BYTES, parseGrubenv, setInGrubenv } from '../parse/grubenv.ts';
import type { BootSlot } from './look.ts';

/** GRUB's environment block is not there, damaged or full: GRUB cannot count starts with it either. */
export class GrubenvUnusable extends Error {
  override name = 'GrubenvUnusable';
}

/**
 * Tells GRUB that this slot's agent came up, so that it goes on starting it.
 * @throws GrubenvUnusable, and the errors of writing
 */
export async function markGood(boot: BootSlot, doors: SlotDoors & { files: Files }): Promise<void> {
  const path = `${boot.root}/boot/grub/grubenv`;
  const name = `good_${boot.slot}`;
  const serial = String(boot.image.serial);
  const read = await doors.files.bytes(path, GRUBENV_BYTES);
  const values = read.kind === 'read' ? parseGrubenv(read.value) : null;
  if (read.kind !== 'read' || !values) throw new GrubenvUnusable(path);
  if (values.get(name) === serial) return; // already said: a stick is not worn out by every start
  const block = setInGrubenv(read.value, { [name]: serial });
  if (!block) throw new GrubenvUnusable(`${path} is full`);
  await doors.rewriteInPlace(path, block);
}
