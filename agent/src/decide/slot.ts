export type SlotName = 'a' | 'b';
type BySlot<T> = Record<SlotName, T>;

/** GRUB's memory between two starts: for each slot the serial it tried, and the one whose agent came up. */
export type BootMemory = { tried: BySlot<number | null>; good: BySlot<number | null> };

/**
 * Which slot GRUB starts, and what it writes down before: the rule of the stick's menu, as a model that updates are
 * tested against. The newer one that is ready; one that was tried and did not come up yields to the other.
 * @param ready the serial in each slot's `ready.cfg`; null where the slot is not complete
 */
export function decideSlot(
  ready: BySlot<number | null>,
  memory: BootMemory,
): { slot: SlotName; memory: BootMemory } | null {
  const newer = (ready.b ?? 0) > (ready.a ?? 0) ? 'b' : 'a';
  if (ready[newer] === null) return null;
  const other = otherSlot(newer);
  const slot = ready[other] !== null && failed(newer, ready, memory) ? other : newer;
  if (memory.good[slot] === ready[slot]) return { slot, memory };
  return { slot, memory: { ...memory, tried: { ...memory.tried, [slot]: ready[slot] } } };
}

function failed(slot: SlotName, ready: BySlot<number | null>, { tried, good }: BootMemory): boolean {
  return tried[slot] === ready[slot] && good[slot] !== ready[slot];
}

export function otherSlot(slot: SlotName): SlotName {
  return slot === 'a' ? 'b' : 'a';
}
