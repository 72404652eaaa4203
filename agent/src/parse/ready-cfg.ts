import type { SlotName } from '../decide/slot.ts';

/**
 * The one line of a slot's `ready.cfg`, which GRUB reads: it is there only when everything else of the slot is.
 * @param imageSha256 of its `filesystem.squashfs`, which the kernel is told
 */
export function readyCfg(slot: SlotName, serial: number, imageSha256: string): string {
  return `set serial_${slot}=${serial} ; set image_${slot}=${imageSha256}\n`;
}

/** The serial of a slot that is ready; null for a line that is torn, or speaks of the other slot. */
export function parseReadyCfg(text: string, slot: SlotName): number | null {
  const line = /^set serial_([ab])=([1-9][0-9]{0,14}) ; set image_([ab])=[0-9a-f]{64}\n$/.exec(text);
  const [, serialOf, digits, imageOf] = line ?? [];
  return serialOf === slot && imageOf === slot ? Number(digits) : null;
}
