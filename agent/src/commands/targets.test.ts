import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Drive, Inventory } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import type { Topology } from '../decide/eligibility.ts';
import { openForOverwrite } from '../effects/block.ts';
import { claim } from '../effects/claim.ts';
import { systemClock } from '../effects/clock.ts';
import { openNamespace, sizeAgain, suspend, waitMs } from '../effects/drive-again.ts';
import { run } from '../effects/run.ts';
import type { Journal } from '../report/journal.ts';
import { policyOf } from './rungs.ts';
import { chooseReal, type RealOrder } from './targets.ts';

const MIB = 1024 * 1024;
const isRoot = process.getuid?.() === 0;
/** As if the node were a drive's, of the number that `driveAt` has. */
const freeAt = (path: string): Topology =>
  topologyOf([diskNode(path.replace('/dev/', ''), { diskseq: '7' })]);
const free = freeAt('/dev/sdx');
const journal = (): Journal & { events: string[] } => {
  const events: string[] = [];
  return {
    events,
    note: (event) => Promise.resolve(void events.push(event.event)),
    digest: () => '0'.repeat(64),
    close: () => Promise.resolve(),
  };
};

function driveAt(path: string, sizeBytes = 4 * MIB): Drive {
  return {
    path,
    identity: { transport: 'sata', model: 'TEST HDD', serial: 'SN-TEST-0042', wwid: 'naa.1' },
    medium: 'ata-hdd',
    firmware: null,
    sizeBytes,
    logicalSectorBytes: 512,
    physicalSectorBytes: 512,
    rotational: true,
    removable: false,
    diskseq: '7',
    health: { outcome: 'absent', sources: [] },
  };
}

/** The choice for one drive, under the real doors of everything but the inventory. */
function choose(drive: Drive, order: Partial<RealOrder>, topology = free) {
  const inventory = { drives: { outcome: 'read', sources: [], value: [drive] } } as unknown as Inventory;
  const whole: RealOrder = {
    mode: 'real',
    wanted: [drive.path],
    onLiveImage: false,
    notARehearsal: true,
    boot: { kind: 'none' },
    against: [],
    survey: () => {},
    label: () => Promise.resolve(null),
    policy: policyOf('overwrite'),
    means: () => Promise.resolve({ outcome: 'read', sources: [], value: { interface: 'plain' } }),
    confirmLower: () => Promise.resolve(null),
    confirm: () => Promise.resolve('0042'),
    readDrive: () => Promise.resolve(drive),
    since: () => Promise.resolve([]),
    ...order,
  };
  const shared = {
    run,
    topology: () => Promise.resolve(topology),
    progress: () => {},
    signal: new AbortController().signal,
    tool: { name: 'rebond', version: '0' },
    effects: { run, wait: waitMs, suspend, sizeAgain, openNamespace, spawn: null },
  };
  return chooseReal(whole, inventory, crypto.randomUUID(), systemClock(), shared);
}

const codesOf = ({ refusals }: Awaited<ReturnType<typeof choose>>): string[] =>
  refusals.flatMap(({ reasons }) => reasons.map(({ code }) => code));

describe('choosing a real drive', () => {
  it('does not even ask while anything else stands against it', async () => {
    let asked = 0;
    const confirm = () => Promise.resolve(String((asked += 1)));
    const choice = await choose(driveAt('/dev/sdx'), { notARehearsal: false, confirm });
    expect(choice.chosen).toEqual([]);
    expect(codesOf(choice)).toContain('not-live');
    expect(asked).toBe(0);
  });

  it('refuses a wrong ending, an empty one, and an input that ended', async () => {
    for (const typed of ['0043', '', '2', null]) {
      const choice = await choose(driveAt('/dev/sdx'), { confirm: () => Promise.resolve(typed) });
      expect(choice.chosen).toEqual([]);
      expect(codesOf(choice)).toEqual(['not-confirmed']);
    }
  });

  it('says so when there is no such drive', async () => {
    const choice = await choose(driveAt('/dev/sdx'), { wanted: ['/dev/sdy'] });
    expect(choice.chosen).toEqual([]);
    expect(codesOf(choice)).toContain('not-found');
  });

  it('never writes to a file in the place of a device', async () => {
    using folder = scratch('real');
    const path = join(folder.path, 'sdx');
    writeFileSync(path, Buffer.alloc(4 * MIB, 0x5a));
    const {
      chosen: [chosen],
    } = await choose(driveAt(path), {}, freeAt(path));
    const evidence = await chosen!.run(journal());
    expect(evidence.outcome).toBe('unknown');
    expect(evidence.reasons[0]?.code).toBe('cannot-open');
    expect(readFileSync(path).every((byte) => byte === 0x5a)).toBe(true);
  });
});

describe('a rehearsal against a drive of the network', () => {
  const remote = (path: string, sizeBytes?: number): Drive => {
    const drive = driveAt(path, sizeBytes);
    return { ...drive, medium: 'unknown', identity: { ...drive.identity, transport: 'network' } };
  };

  it('is planned as one, with the serial typed, and without the flag of a real drive', async () => {
    const order = { mode: 'rehearsal', notARehearsal: false } as const;
    const choice = await choose(remote('/dev/sdx'), order);
    expect(choice.chosen.map(({ plan }) => [plan.mode, plan.levelExpected])).toEqual([['rehearsal', 'none']]);
    const unsure = await choose(remote('/dev/sdx'), { ...order, confirm: () => Promise.resolve('0043') });
    expect(unsure.chosen).toEqual([]);
    expect(codesOf(unsure)).toEqual(['not-confirmed']);
  });

  it('asks for no drive of this machine, whatever was passed', async () => {
    let asked = 0;
    const confirm = () => Promise.resolve(String((asked += 1)));
    const choice = await choose(driveAt('/dev/sdx'), { mode: 'rehearsal', confirm });
    expect(choice.chosen).toEqual([]);
    expect(codesOf(choice)).toEqual(['rehearsal', 'local-in-rehearsal', 'not-confirmed']);
    expect(asked).toBe(0);
  });

  it.skipIf(!isRoot)('does all that a real session does, and claims nothing', async () => {
    using loop = loopDevice(4 * MIB);
    const {
      chosen: [chosen],
    } = await choose(remote(loop.path), { mode: 'rehearsal' }, freeAt(loop.path));
    expect(await chosen!.against()).toEqual([]);
    const evidence = await chosen!.run(journal());
    expect(evidence).toMatchObject({ outcome: 'done', levelAchieved: 'none', plan: { mode: 'rehearsal' } });
    expect(readFileSync(loop.file).includes(Buffer.alloc(16, 0x5a))).toBe(false);
  });
});

describe('what a session says of the machine', () => {
  it('goes into its record when drives are hidden, and the drives that are seen are wiped all the same', async () => {
    const hidden = { remapped: ['0000:00:17.0'], vmdWithoutDriver: [] };
    const topology: Topology = topologyOf([diskNode('sdx', { diskseq: '7' })], { hidden });
    const choice = await choose(driveAt('/dev/sdx'), {}, topology);
    expect(choice.remarks.map(({ code }) => code)).toEqual(['remapped-nvme']);
    expect(choice.chosen).toHaveLength(1);
    expect((await choose(driveAt('/dev/sdx'), {})).remarks).toEqual([]);
  });

  it('names what a drive is part of before the question is asked', async () => {
    const content = { kind: 'read', type: 'LVM2_member', label: null } as const;
    const topology = topologyOf([diskNode('sdx', { diskseq: '7', content })]);
    const told: string[] = [];
    const confirm: RealOrder['confirm'] = (_, notices) => {
      told.push(...notices.map(({ code }) => code));
      return Promise.resolve('0042');
    };
    const choice = await choose(driveAt('/dev/sdx'), { confirm }, topology);
    expect(told).toEqual(['inactive-member']);
    expect(choice.chosen).toHaveLength(1);
  });
});

describe.skipIf(!isRoot)('on a loop device of our own, as a real drive', () => {
  it('overwrites it when all is in order, the journal knowing of it first', async () => {
    using loop = loopDevice(4 * MIB);
    const notes = journal();
    const {
      chosen: [chosen],
    } = await choose(driveAt(loop.path), {}, freeAt(loop.path));
    const evidence = await chosen!.run(notes);
    expect(evidence).toMatchObject({ outcome: 'done', levelAchieved: 'clear' });
    if (evidence.schema !== 'rebond.evidence/2') throw new Error('not of version 2');
    expect(evidence.observations.steps).toMatchObject([
      { kind: 'overwrite', flushed: true },
      { kind: 'read-back', direct: true },
    ]);
    expect(notes.events).toEqual(['planned', 'flushed', 'judged']);
    expect(readFileSync(loop.file).includes(Buffer.alloc(16, 0x5a))).toBe(false);
  });

  it.each<[string, Partial<Drive> | null, string]>([
    ['another serial', { identity: { ...driveAt('').identity, serial: 'SN-OTHER-0042' } }, 'serial-changed'],
    ['another size', { sizeBytes: 8 * MIB }, 'size-changed'],
    ['another disk sequence number (replugged)', { diskseq: '8' }, 'replugged'],
    ['no answer', null, 'drive-gone'],
  ])('writes nothing when the drive that answers has %s', async (_, change, code) => {
    using loop = loopDevice(4 * MIB);
    const drive = driveAt(loop.path);
    const readDrive = () => Promise.resolve(change && { ...drive, ...change });
    const {
      chosen: [chosen],
    } = await choose(drive, { readDrive }, freeAt(loop.path));
    expect((await chosen!.against()).map((reason) => reason.code)).toEqual([code]);
    const evidence = await chosen!.run(journal());
    expect(evidence.outcome).toBe('unknown');
    expect(evidence.reasons[0]?.code).toBe(code);
    expect(readFileSync(loop.file).every((byte) => byte === 0x5a)).toBe(true);
  });

  it('the kernel refuses the exclusive opening of a mounted device, whatever the topology said', async () => {
    using loop = loopDevice(16 * MIB);
    execFileSync('mkfs.ext4', ['-q', '-F', loop.path]);
    const place = `${loop.file}.mnt`;
    mkdirSync(place);
    execFileSync('mount', [loop.path, place]);
    try {
      expect(await claim(loop.path)).toBe('busy');
      await expect(openForOverwrite(loop.path, 'block')).rejects.toMatchObject({ code: 'EBUSY' });
      const {
        chosen: [chosen],
      } = await choose(driveAt(loop.path, 16 * MIB), {}, freeAt(loop.path));
      const evidence = await chosen!.run(journal());
      expect(evidence.reasons[0]).toMatchObject({
        code: 'cannot-open',
        en: expect.stringContaining('EBUSY'),
      });
    } finally {
      execFileSync('umount', [place]);
      expect(await claim(loop.path)).toBe('free');
    }
  });
});

describe('a drive without a serial number', () => {
  const bare: Drive = { ...driveAt('/dev/sdx'), identity: { ...driveAt('').identity, serial: null } };
  const label = () => Promise.resolve('REB-0042');

  it('is confirmed by the end of its label, and every plan names it as one', async () => {
    const { chosen, refusals } = await choose(bare, { label });
    expect(refusals).toEqual([]);
    expect(chosen.map(({ plan }) => plan.target.identity)).toEqual([
      { ...bare.identity, propertyLabel: 'REB-0042' },
    ]);
    // The drive itself never says its label: read again, it is the one that was confirmed.
    expect(await chosen[0]?.against()).toEqual([]);
  });

  it('is refused when it was plugged in again since: the label binds within one boot', async () => {
    const { chosen } = await choose(bare, {
      label,
      readDrive: () => Promise.resolve({ ...bare, diskseq: '8' }),
    });
    const against = await chosen[0]?.against();
    expect(against?.map(({ code }) => code)).toContain('replugged');
  });

  it.each([
    ['nobody gives it a label', { label: () => Promise.resolve(null) }, ['unidentified', 'not-confirmed']],
    ['the end does not fit', { label, confirm: () => Promise.resolve('0043') }, ['not-confirmed']],
  ] as const)('is refused when %s', async (_name, order, codes) => {
    const { chosen, refusals } = await choose(bare, order);
    expect(chosen).toEqual([]);
    expect(refusals.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([codes]);
  });

  it('one with a serial number is asked for no label', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect((await choose(driveAt('/dev/sdx'), { label: never })).chosen.length).toBe(1);
  });

  it('nor is one that something else stands against', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const { refusals } = await choose({ ...bare, sizeBytes: null }, { label: never });
    expect(refusals[0]?.reasons.map(({ code }) => code)).toContain('size-unknown');
  });
});

function loopDevice(size: number): { path: string; file: string; [Symbol.dispose](): void } {
  const folder = scratch('loop');
  const file = join(folder.path, 'drive.img');
  writeFileSync(file, Buffer.alloc(size, 0x5a));
  truncateSync(file, size);
  const path = execFileSync('losetup', ['--find', '--show', '--direct-io=on', file]).toString().trim();
  return {
    path,
    file,
    [Symbol.dispose]: () => {
      execFileSync('losetup', ['--detach', path]);
      folder[Symbol.dispose]();
    },
  };
}
