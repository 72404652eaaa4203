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

/** A newer slot that GRUB started and whose agent never came up: a start that was cut, or an image that will not start. */
export type FailedStart = {
  serial: number;
  /** How often it was started in vain, this time included. */
  times: number;
  /** It is to be started once more; else it is given up. */
  again: boolean;
};

const TRIES = 3;

/**
 * What the agent of the slot that did come up makes of the other one. Each further try is one start; the one after it is
 * the good slot's again, so that no more than three starts are lost to an image that will not start.
 * @param counted what was noted the last time; null where nothing was
 * @returns null where the other slot has not failed, or was not started since
 */
export function failedStart(
  own: SlotName,
  ready: BySlot<number | null>,
  memory: BootMemory,
  counted: { serial: number; times: number } | null,
): FailedStart | null {
  const other = otherSlot(own);
  const serial = ready[other];
  if (serial === null || serial <= (ready[own] ?? 0) || !failed(other, ready, memory)) return null;
  const before = counted?.serial === serial ? counted.times : 0;
  const times = Math.min(before + 1, TRIES);
  return { serial, times, again: times < TRIES };
}

function failed(slot: SlotName, ready: BySlot<number | null>, { tried, good }: BootMemory): boolean {
  return tried[slot] === ready[slot] && good[slot] !== ready[slot];
}

export function otherSlot(slot: SlotName): SlotName {
  return slot === 'a' ? 'b' : 'a';
}
