import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machines } from '../../../test-fixtures/machine/arbitrary.ts';
import { allowed, readMachine, sure } from '../../../test-fixtures/machine/read.ts';
import type { Directions } from '../../../test-fixtures/machine/render.ts';
import { drivesInUse, mayBeWiped } from '../../../test-fixtures/machine/truth.ts';
import { refusals } from '../decide/eligibility.ts';
import { stillConfirmed } from '../decide/still-confirmed.ts';
import type { Claim, Files, ReadResult } from '../effects/types.ts';

const RUNS = 800;
/** On a busy machine; the work is a few seconds. */
const PATIENCE_MS = 180_000;
const free: Claim = () => Promise.resolve('free');

describe('on any machine', { timeout: PATIENCE_MS }, () => {
  it('exactly the drives that are free, whole and identified may be wiped', async () => {
    let wiped = 0;
    let refused = 0;
    const property = fc.asyncProperty(machines, async (machine) => {
      const may = allowed(await readMachine(machine));
      expect(may).toEqual([...mayBeWiped(machine)].toSorted());
      wiped += may.length;
      refused += machine.disks.length - may.length;
    });
    await fc.assert(property, { numRuns: RUNS });
    // Not a property of machines that are all alike.
    expect(Math.min(wiped, refused)).toBeGreaterThan(RUNS / 4);
  });

  it('no drive in use is let through, even if the kernel called every drive free and linked stacks one way only', async () => {
    const directions = fc.constantFrom<Directions>('holders', 'slaves');
    const property = fc.asyncProperty(machines, directions, async (machine, direction) => {
      // What no table shows is known to the kernel alone.
      for (const mount of machine.mounts) if (mount.seen === 'nobody') mount.seen = 'first';
      const used = drivesInUse(machine);
      const may = allowed(await readMachine(machine, { claim: free, directions: direction }));
      expect(may.filter((name) => used.has(name))).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  it('what reaches a whole drive needs all its namespaces free and confirmed', async () => {
    let shared = 0;
    const property = fc.asyncProperty(machines, fc.nat(255), async (machine, some) => {
      const { drives, topology } = await readMachine(machine);
      const may = mayBeWiped(machine);
      const used = drivesInUse(machine);
      const confirmed = drives.filter((_, index) => some & (1 << index)).map(({ path }) => path);
      for (const drive of drives) {
        const own = machine.disks.find(({ name }) => `/dev/${name}` === drive.path);
        const siblings = machine.disks.filter(
          (each) => each !== own && each.subsystem !== null && each.subsystem === own?.subsystem,
        );
        const all = siblings.every(({ name }) => !used.has(name) && confirmed.includes(`/dev/${name}`));
        const authority = { ...sure(drive), reach: 'whole-drive', confirmed } as const;
        const reasons = refusals(drive, drives, topology, authority);
        expect(reasons.length === 0).toBe(all && own !== undefined && may.has(own.name));
        if (siblings.length > 0 && reasons.length === 0) shared += 1;
      }
    });
    await fc.assert(property, { numRuns: RUNS / 2 });
    expect(shared).toBeGreaterThan(5);
  });
});

describe('one fact that cannot be read', { timeout: PATIENCE_MS }, () => {
  /** Refuses the reading of one place; `log` keeps the places that were read. */
  const spoiled =
    (place: string | null, log: Set<string>) =>
    (files: Files): Files => {
      const guard =
        <T>(door: string, look: (path: string, max?: number) => Promise<ReadResult<T>>) =>
        async (path: string, max?: number): Promise<ReadResult<T>> => {
          if (place === `${door} ${path}`) return { kind: 'refused', detail: 'EIO' };
          const result = await look(path, max);
          if (result.kind === 'read') log.add(`${door} ${path}`);
          return result;
        };
      return {
        bytes: guard('bytes', (path, max) => files.bytes(path, max)),
        text: guard('text', (path, max) => files.text(path, max)),
        list: guard('list', (path) => files.list(path)),
        real: guard('real', (path) => files.real(path)),
      };
    };
  /**
   * Without these a drive is no less the same one, nor more free. How it is attached is told twice: by name and path, of
   * an NVMe by its controller besides.
   */
  const INDIFFERENT =
    /\/(?:physical_block_size|rotational|removable|device\/(?:subsysnqn|transport))$|^real \/sys\/block\/(?:mmcblk|vd|nvme)/;

  it('refuses every drive, or the one that it tells of', async () => {
    let spoilt = 0;
    const property = fc.asyncProperty(machines, fc.nat(), async (machine, pick) => {
      const places = new Set<string>();
      const before = await readMachine(machine, { through: spoiled(null, places) });
      const may = allowed(before);
      const facts = [...places].filter((place) => !INDIFFERENT.test(place));
      const place = facts[pick % facts.length] ?? '';
      const after = await readMachine(machine, { through: spoiled(place, new Set()) });
      if (may.length > 0) spoilt += 1;
      if (after.topology.kind === 'unknown') {
        expect(allowed(after)).toEqual([]);
        return;
      }
      // A fact of one drive's identity: that drive is refused at once, or is no longer the one that was confirmed.
      const told = /\/sys\/block\/([a-z0-9]+)/.exec(place)?.[1] ?? '';
      const [was, is] = [before, after].map(({ drives }) =>
        drives.find(({ path }) => path === `/dev/${told}`),
      );
      const { identity, sizeBytes, diskseq } = was ?? {};
      const confirmed = identity && { identity, sizeBytes: sizeBytes ?? 0, diskseq: diskseq ?? null };
      const passes =
        allowed(after).includes(told) && confirmed && stillConfirmed(confirmed, is ?? null).length === 0;
      expect(`${place}: ${passes && may.includes(told)}`).toBe(`${place}: false`);
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(spoilt).toBeGreaterThan(RUNS / 4);
  });

  it('does not let a drive through that was refused', async () => {
    const property = fc.asyncProperty(machines, fc.nat(), async (machine, pick) => {
      const places = new Set<string>();
      const before = allowed(await readMachine(machine, { through: spoiled(null, places) }));
      const place = [...places][pick % places.size] ?? '';
      const after = allowed(await readMachine(machine, { through: spoiled(place, new Set()) }));
      // A twin whose number can no longer be read is one that may be confirmed by its own.
      const isIdentity = /\/(?:serial|wwid|vpd_pg\d\d)$/.test(place);
      if (!isIdentity) expect(after.filter((name) => !before.includes(name))).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS / 2 });
  });
});
