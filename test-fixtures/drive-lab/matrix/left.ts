// What is left of the owner's data, asked of the medium itself.
import type { Stand } from './stands.ts';

/** Bytes of the owner's data on the medium. */
export type Left = {
  addressable: number;
  /** In cells and sectors that no address leads to. */
  beyond: number;
  /** Of the addressable ones, those that a read still gives, or that cannot be read. */
  exposed: number;
};

export function leftOn({ store, medium, reachable }: Stand): Left {
  const addressable = store.ownerLeft({ start: 0, end: reachable }).bytes;
  const beyond = store.ownerLeft().bytes - addressable;
  if (addressable === 0) return { addressable, beyond, exposed: 0 };
  let exposed = 0;
  const { sectorBytes } = medium;
  for (let at = 0; at < reachable; at += sectorBytes) {
    const range = { start: at, end: at + sectorBytes };
    if (store.ownerLeft(range).bytes === 0) continue;
    const { data } = medium.read(at / sectorBytes, 1);
    if (data === undefined || data.equals(store.ownerData(range))) exposed += sectorBytes;
  }
  return { addressable, beyond, exposed };
}
