import type { Sampling } from '@rebond/protocol';

export type Place = { offset: number; length: number };

/**
 * The places of a sample, made again from its seed alone: in each section as many as were asked for, one in each of its
 * equal parts, so that they never overlap; and the first and the last of the drive. Offsets and lengths are whole sectors.
 * The numbers are drawn by SplitMix64 (G. Steele et al., 2014) from the first 64 bits of the seed.
 */
export function placesOf(sampling: Sampling, sizeBytes: number, sectorBytes: number): Place[] {
  const { sections, placesPerSection, placeBytes, seedHex } = sampling;
  const length = Math.min(sizeBytes, Math.max(sectorBytes, placeBytes - (placeBytes % sectorBytes)));
  if (sizeBytes <= 0) return [];
  const draw = splitMix64(BigInt(`0x${seedHex.slice(0, 16)}`));
  const offsets = new Set([0, wholeSectors(sizeBytes - length, sectorBytes)]);
  const parts = sections * placesPerSection;
  for (let part = 0; part < parts; part += 1) {
    const from = Math.floor((sizeBytes * part) / parts);
    const room = Math.floor((sizeBytes * (part + 1)) / parts) - from - length;
    const within = room <= 0 ? 0 : Number(draw() % BigInt(room + 1));
    const offset = wholeSectors(from + within, sectorBytes);
    if (offset + length <= sizeBytes) offsets.add(offset);
  }
  return [...offsets].toSorted((a, b) => a - b).map((offset) => ({ offset, length }));
}

function wholeSectors(offset: number, sectorBytes: number): number {
  return offset - (offset % sectorBytes);
}

const MASK = 2n ** 64n - 1n;

function splitMix64(seed: bigint): () => bigint {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK;
    let mixed = state;
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return mixed ^ (mixed >> 31n);
  };
}
