import type { Inventory } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machines } from '../../../test-fixtures/machine/arbitrary.ts';
import { events, happen } from '../../../test-fixtures/machine/hot-plug.ts';
import type { Disk, Machine } from '../../../test-fixtures/machine/machine.ts';
import { readMachine } from '../../../test-fixtures/machine/read.ts';
import { drivesInUse, isUnfit, mayBeWiped } from '../../../test-fixtures/machine/truth.ts';
import { systemClock } from '../effects/clock.ts';
import { openNamespace, sizeAgain, suspend, waitMs } from '../effects/drive-again.ts';
import { run } from '../effects/run.ts';
import type { Choice } from '../session.ts';
import { policyOf } from './rungs.ts';
import { chooseReal } from './targets.ts';

const RUNS = 500;
/** On a busy machine; the work is a few seconds. */
const PATIENCE_MS = 180_000;

/** A session up to the moment of beginning: what happens happens while the operator types. No plan is ever run here. */
async function choose(machine: Machine, whileTyping: (machine: Machine) => Machine) {
  let now = machine;
  const inventory = {
    drives: { outcome: 'read', sources: [], value: (await readMachine(machine)).drives },
  } as unknown as Inventory;
  const choice: Choice = await chooseReal(
    {
      ...{ mode: 'real', wanted: 'all', onLiveImage: true, notARehearsal: false, boot: { kind: 'none' } },
      ...{
        against: [],
        survey: () => {},
        label: () => Promise.resolve(null),
        since: () => Promise.resolve([]),
      },
      confirm: (drive) => {
        now = whileTyping(now);
        return Promise.resolve(drive.identity.serial);
      },
      policy: policyOf('best'),
      means: () => Promise.resolve({ outcome: 'read', sources: [], value: { interface: 'plain' } }),
      confirmLower: () => Promise.resolve(null),
      readDrive: async (path) => (await readMachine(now)).drives.find((drive) => drive.path === path) ?? null,
    },
    inventory,
    crypto.randomUUID(),
    systemClock(),
    {
      ...{ run, progress: () => {}, signal: new AbortController().signal },
      topology: async () => (await readMachine(now)).topology,
      tool: { name: 'rebond', version: '0' },
      effects: { run, wait: waitMs, suspend, sizeAgain, openNamespace, spawn: null },
    },
  );
  return { choice, now: () => now, become: (next: Machine) => void (now = next) };
}

const nameOf = ({ plan }: Choice['chosen'][number]): string => plan.target.path.replace('/dev/', '');
const named = (machine: Machine, name: string): Disk | undefined =>
  machine.disks.find((disk) => disk.name === name);

/** The very disk, neither gone nor replugged nor replaced, as one knows who watched it. */
const isTheSame = (before: Disk | undefined, after: Disk | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  (['bus', 'model', 'serial', 'wwid', 'sectors', 'diskseq'] as const).every(
    (key) => before[key] === after[key],
  );

describe('drives that come, go and change while a session runs', { timeout: PATIENCE_MS }, () => {
  it('are planned for only where nothing happened to them', async () => {
    const property = fc.asyncProperty(machines, fc.array(events, { maxLength: 4 }), async (before, story) => {
      const left = [...story];
      const { choice, now } = await choose(before, (machine) => {
        const next = left.shift();
        return next ? happen(machine, next) : machine;
      });
      const used = drivesInUse(now());
      for (const name of choice.chosen.map(nameOf)) {
        expect(used.has(name)).toBe(false);
        expect(mayBeWiped(before).has(name)).toBe(true);
        expect(named(now(), name)?.diskseq).toBe(named(before, name)?.diskseq);
        expect(named(now(), name)?.readOnly).toBe(false);
      }
      if (story.length === 0) {
        expect(new Set(choice.chosen.map(nameOf))).toEqual(mayBeWiped(before));
      }
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  it('are begun exactly where they are still the confirmed ones and free', async () => {
    let begun = 0;
    let stopped = 0;
    const property = fc.asyncProperty(machines, fc.array(events, { maxLength: 3 }), async (before, story) => {
      const { choice, become } = await choose(before, (machine) => machine);
      const after = story.reduce((machine, event) => happen(machine, event), before);
      become(after);
      for (const each of choice.chosen) {
        const disk = named(after, nameOf(each));
        const same = isTheSame(named(before, nameOf(each)), disk);
        // Twins that were plugged in since are another number of this boot, and cannot be taken for it.
        const alone = { ...after, disks: disk ? [disk] : [] };
        const may = same && disk !== undefined && !drivesInUse(after).has(disk.name) && !isUnfit(disk, alone);
        const against = await each.against();
        expect(against.length === 0).toBe(may);
        if (may) begun += 1;
        else stopped += 1;
      }
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(begun).toBeGreaterThan(RUNS / 10);
    expect(stopped).toBeGreaterThan(RUNS / 10);
  });
});
