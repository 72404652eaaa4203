import { createHash } from 'node:crypto';

/** A part of the drive, in bytes. */
export type Extent = { offset: number; length: number };

/** How a sample is drawn. The places follow from it, the drive's size and that of its sectors alone. */
type Sample = {
  kind: 'sample';
  algorithm: 'rebond.sample/1';
  seedHex: string;
  /** At least 1000, each of equal size, to a sector. */
  subsections: number;
  samplesEach: number;
  /** Of its subsection. */
  percentEach: number;
};

/** The least that NIST SP 800-88r1 §4.7 asks for: 1000 subsections, 2 samples in each, of 5 % of it each. */
export function nistSample(seedHex: string): Sample {
  return {
    kind: 'sample',
    algorithm: 'rebond.sample/1',
    seedHex,
    subsections: 1000,
    samplesEach: 2,
    percentEach: 5,
  };
}

/**
 * The parts of a drive that a sample reads back, in ascending order and apart from each other. The drive is cut into
 * subsections of equal size, to a sector; in each lie `samplesEach` samples of at least `percentEach` percent of it,
 * at places that follow from the seed alone; the first and the last sector are always among them. A drive too small
 * to be cut like that is read whole.
 * @param sizeBytes a multiple of `sectorBytes`
 */
export function sampleExtents(sample: Sample, sizeBytes: number, sectorBytes: number): Extent[] {
  const sectors = Math.floor(sizeBytes / sectorBytes);
  const { subsections, samplesEach } = sample;
  const smallest = Math.floor(sectors / subsections);
  if (smallest < samplesEach) return sizeBytes > 0 ? [{ offset: 0, length: sizeBytes }] : [];
  const found: Extent[] = [{ offset: 0, length: 1 }];
  for (let index = 0; index < subsections; index += 1) {
    const from = Math.floor((index * sectors) / subsections);
    const to = Math.floor(((index + 1) * sectors) / subsections);
    found.push(...samplesOf(sample, index, from, to - from));
  }
  found.push({ offset: sectors - 1, length: 1 });
  return joined(found).map(({ offset, length }) => ({
    offset: offset * sectorBytes,
    length: length * sectorBytes,
  }));
}

/** How many bytes that is. */
export function bytesOf(extents: readonly Extent[]): number {
  return extents.reduce((sum, { length }) => sum + length, 0);
}

/** Places drawn from what is left when all samples are taken out, sorted, then spread by the samples before each. */
function samplesOf(sample: Sample, subsection: number, from: number, sectors: number): Extent[] {
  const { seedHex, samplesEach, percentEach } = sample;
  const length = Math.ceil((sectors * percentEach) / 100);
  const free = sectors - samplesEach * length;
  const places = Array.from({ length: samplesEach }, (_, index) =>
    draw(seedHex, subsection, index, free + 1),
  );
  return places
    .sort((a, b) => a - b)
    .map((place, index) => ({ offset: from + place + index * length, length }));
}

/**
 * A number below `limit`: SHA-256 over the seed's 32 bytes, the subsection and the sample as big-endian 32-bit
 * numbers; its first 8 bytes modulo `limit`, whose bias is below 2^-20 for any drive.
 */
function draw(seedHex: string, subsection: number, sample: number, limit: number): number {
  const words = new DataView(new ArrayBuffer(8));
  words.setUint32(0, subsection);
  words.setUint32(4, sample);
  const digest = createHash('sha256').update(Buffer.from(seedHex, 'hex')).update(words).digest();
  return Number(digest.readBigUInt64BE(0) % BigInt(limit));
}

/** Extents that touch or overlap become one: the first and last sector may lie in a sample. */
function joined(extents: readonly Extent[]): Extent[] {
  const result: Extent[] = [];
  for (const { offset, length } of extents) {
    const last = result.at(-1);
    const end = offset + length;
    if (last && offset <= last.offset + last.length) last.length = Math.max(last.length, end - last.offset);
    else result.push({ offset, length });
  }
  return result;
}
