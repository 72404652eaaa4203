// A drive with a cache that forgets: what real sticks and disks do when power goes.
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { randomFrom } from './chance.ts';

export const SECTOR = 512;

export type VolatileDrive = {
  readonly size: number;
  /** Sectors that only the cache holds. */
  unflushed(): number;
  /** How many flushes the guest asked for. */
  flushes(): number;
  read(at: number, length: number): Buffer;
  /** @param durable on the medium before this returns (forced unit access); nothing else is flushed */
  write(at: number, bytes: Buffer, durable?: boolean): void;
  flush(): void;
  /**
   * Power is gone: each sector that was not flushed is found, by a seeded coin, as it was or as one of the writes left
   * it, each by its own, whatever the order; so a request may be torn in its middle.
   */
  cut(seed: number): { kept: number; lost: number };
  close(): void;
};

/** Sectors; a real cache is bounded too, and puts its oldest away when it is full. */
const CACHE = 65_536;

export function openVolatile(path: string, cache = CACHE): VolatileDrive {
  const file = openSync(path, 'r+');
  const { size } = fstatSync(file);
  /** Every version of a sector since the last flush, the oldest first. */
  const pending = new Map<number, Buffer[]>();
  let flushes = 0;

  const put = (sector: number, bytes: Buffer): void =>
    void writeSync(file, bytes, 0, bytes.length, sector * SECTOR);
  const newest = (versions: readonly Buffer[]): Buffer => versions.at(-1)!;
  const settle = (): void => {
    for (const [sector, versions] of pending) put(sector, newest(versions));
    pending.clear();
  };

  const read: VolatileDrive['read'] = (at, length) => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, at);
    for (let sector = Math.floor(at / SECTOR); sector * SECTOR < at + length; sector += 1) {
      const versions = pending.get(sector);
      if (versions) newest(versions).copy(bytes, sector * SECTOR - at);
    }
    return bytes;
  };

  const write: VolatileDrive['write'] = (at, bytes, durable = false) => {
    if (at % SECTOR !== 0 || bytes.length % SECTOR !== 0)
      throw new RangeError('Only whole sectors are written.');
    for (let from = 0; from < bytes.length; from += SECTOR) {
      const sector = (at + from) / SECTOR;
      const version = Buffer.from(bytes.subarray(from, from + SECTOR));
      if (durable) {
        put(sector, version);
        pending.delete(sector);
      } else pending.set(sector, [...(pending.get(sector) ?? []), version]);
    }
    for (const [sector, versions] of pending) {
      if (pending.size <= cache) break;
      put(sector, newest(versions));
      pending.delete(sector);
    }
  };

  return {
    size,
    unflushed: () => pending.size,
    flushes: () => flushes,
    read,
    write,
    flush() {
      flushes += 1;
      settle();
    },
    cut(seed) {
      const chance = randomFrom(seed);
      let kept = 0;
      const all = pending.size;
      for (const [sector, versions] of [...pending].sort(([a], [b]) => a - b)) {
        const version = versions[Math.floor(chance() * (versions.length + 1)) - 1];
        if (version) {
          put(sector, version);
          kept += 1;
        }
      }
      pending.clear();
      return { kept, lost: all - kept };
    },
    close() {
      settle();
      closeSync(file);
    },
  };
}
