// Steps that hand their work on: to a technique's row, to hdparm, to the engine.
import type { DriveCapabilities, PlanStep } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { memoryDrive, unlikeBytes } from '../../../../test-fixtures/memory-drive.ts';
import { scriptedTools } from '../../../../test-fixtures/scripted-tools.ts';
import { EXAMPLES, HDD_TARGET, REVEAL, SAMPLE, stepPlan } from '../../../../test-fixtures/step-plans.ts';
import { fillFromStream } from '../key-stream.ts';
import type { FirmwareDoors, FirmwareSeen, TechniqueRow } from '../techniques/technique.ts';
import { firmwareStep } from './firmware.ts';
import { overwriteStep } from './overwrite.ts';
import { readBackStep } from './read-back.ts';
import { revealStep } from './reveal.ts';
import type { Progress, StepAbout, StepDoors } from './step.ts';

const KEY = '3c'.repeat(32);
const plan = stepPlan(EXAMPLES['thawed, unlocked, revealed, enhanced erase']);
const about = (sizeBytes: number): StepAbout => ({ plan, index: 0, sizeBytes, keyHex: KEY, seen: [] });

function doorsOf(change: Partial<StepDoors> = {}) {
  const [noted, told, ended]: [string[], Progress[], string[]] = [[], [], []];
  let now = 100;
  const doors: StepDoors = {
    ...{ writer: memoryDrive(new Uint8Array()), signal: new AbortController().signal },
    monotonic: () => (now += 10.6),
    progress: (progress) => void told.push(progress),
    command: ({ argv }) => void noted.push(argv.join(' ')),
    giveUp: ({ code }) => void ended.push(code),
    ...change,
  };
  return { doors, noted, told, ended };
}

describe('a firmware step', () => {
  const means: DriveCapabilities = { interface: 'plain' };
  const step: Extract<PlanStep, { kind: 'firmware' }> = {
    ...{ kind: 'firmware', technique: 'ata-security-erase', expectedMs: 1, patienceMs: 7000, stallMs: 300 },
  };
  const seen: FirmwareSeen = {
    ...{ kind: 'firmware', accepted: 'accepted', ended: 'succeeded', lastPercent: null },
    ...{ stateBefore: 'a', stateAfter: 'b', durationMs: 1 },
  };
  const rowOf = (technique: TechniqueRow['technique'], run: TechniqueRow['run']): TechniqueRow =>
    ({ technique, run }) as TechniqueRow;

  it('lets the row of its technique do it, with the limits of the plan, and notes its commands', async () => {
    const tools = scriptedTools({ hdparm: [''] });
    const given: { target: string; doors: FirmwareDoors }[] = [];
    const rows = [
      rowOf('ata-sanitize-block', () => Promise.reject(new Error('another technique'))),
      rowOf('ata-security-erase', async (target, _, doors) => {
        given.push({ target: target.path, doors });
        await doors.run(['hdparm', '--erase']);
        doors.progress(12);
        doors.progress(null);
        return seen;
      }),
    ];
    const { doors, noted, told } = doorsOf();
    const room = { run: tools.run, wait: tools.wait, capabilities: means, techniques: rows };
    expect(await firmwareStep(room)(step, about(1), doors)).toEqual(seen);
    expect(given[0]?.target).toBe(HDD_TARGET.path);
    expect(given[0]?.doors).toMatchObject({ patienceMs: 7000, stallMs: 300, signal: doors.signal });
    expect(noted).toEqual(['hdparm --erase']);
    expect(told).toMatchObject([
      { phase: 'firmware', percent: 12 },
      { phase: 'firmware', percent: null },
    ]);
    // The clock of this test goes on by 10.6 ms with each look at it.
    expect(told[0]?.elapsedMs).toBe(32);
    for (const { elapsedMs } of told) {
      expect(Number.isInteger(elapsedMs)).toBe(true);
      expect(elapsedMs).toBeGreaterThan(0);
      expect(elapsedMs).toBeLessThan(100);
    }
  });

  it('is not carried out by another row, nor without the drive’s own word of its means', async () => {
    const tools = scriptedTools({});
    const own = rowOf('ata-security-erase', () => Promise.resolve(seen));
    const other = rowOf('ata-sanitize-block', () => Promise.resolve(seen));
    for (const [capabilities, techniques] of [
      [means, [other]],
      [null, [own]],
    ] as const) {
      const room = { run: tools.run, wait: tools.wait, capabilities, techniques };
      await expect(firmwareStep(room)(step, about(1), doorsOf().doors)).rejects.toThrow(
        'no row carries out ata-security-erase',
      );
    }
  });
});

describe('giving back a hidden area', () => {
  it.each([
    ['hpa', `hdparm --yes-i-know-what-i-am-doing -N p976562500 ${HDD_TARGET.path}`],
    ['ama', `hdparm --yes-i-know-what-i-am-doing -N p976562500 ${HDD_TARGET.path}`],
    ['dco', `hdparm --yes-i-know-what-i-am-doing --dco-restore ${HDD_TARGET.path}`],
  ] as const)('%s, for good, and the kernel asks the drive again', async (area, command) => {
    const tools = scriptedTools({ hdparm: [''] });
    const { doors, noted } = doorsOf();
    const asked: [string, number][] = [];
    const sizeAgain = async (path: string): Promise<number | null> => {
      asked.push([path, tools.asked.length]);
      return await Promise.resolve(500e9);
    };
    const step = { ...(REVEAL as Extract<PlanStep, { kind: 'reveal' }>), area };
    expect(await revealStep({ run: tools.run, sizeAgain })(step, about(1), doors)).toEqual({
      kind: 'reveal',
      sizeAfter: 500e9,
    });
    expect(tools.asked.map((each) => each.command)).toEqual([command]);
    expect(noted).toEqual([command]);
    // After the command, not before.
    expect(asked).toEqual([[HDD_TARGET.path, 1]]);
  });
});

type ReadBack = Extract<PlanStep, { kind: 'read-back' }>;

describe('the engine’s steps', () => {
  const SIZE = 3 * 1024 * 1024 + 512;
  const room = { spawn: null };
  const written = (): Uint8Array => {
    const bytes = new Uint8Array(SIZE);
    fillFromStream(bytes, KEY, 0);
    return bytes;
  };
  const full = { kind: 'read-back', pattern: { kind: 'keyed' }, extent: { kind: 'full' } } as const;

  it('read back all of a drive against the plan’s own key', async () => {
    const { doors, ended } = doorsOf({ writer: memoryDrive(written()) });
    expect(await readBackStep(room)(full, about(SIZE), doors)).toMatchObject({
      ...{
        kind: 'read-back',
        dueBytes: SIZE,
        bytes: SIZE,
        matchedBytes: SIZE,
        mismatchedSectors: 0,
        mismatches: [],
      },
      ...{ unreadable: { count: 0, offsets: [], code: null }, direct: true },
    });
    expect(ended).toEqual([]);
    const other = doorsOf({ writer: memoryDrive(unlikeBytes(SIZE), { direct: false }) });
    const spoilt = await readBackStep(room)(full, about(SIZE), other.doors);
    expect(spoilt).toMatchObject({ matchedBytes: 0, mismatchedSectors: SIZE / 512, direct: false });
    expect(spoilt.mismatches[0]).toBe(0);
  });

  it('name what differs and what cannot be read, by offset', async () => {
    const bytes = written();
    bytes[1024]! ^= 1;
    const { doors } = doorsOf({ writer: memoryDrive(bytes, { bad: [2 * 1024 * 1024] }) });
    expect(await readBackStep(room)(full, about(SIZE), doors)).toMatchObject({
      ...{ dueBytes: SIZE, matchedBytes: SIZE - 1024, mismatches: [1024], mismatchedSectors: 1 },
      unreadable: { count: 1, offsets: [2 * 1024 * 1024], code: 'EIO' },
    });
  });

  it('read a sample where the plan says so: its seed, its sections, its places', async () => {
    const size = 64 * 1024 * 1024;
    const bytes = new Uint8Array(size);
    const drive = memoryDrive(bytes);
    const sampled: ReadBack = {
      ...{ kind: 'read-back', pattern: { kind: 'bytes', hex: '00' } },
      extent: { kind: 'sample', sampling: { ...SAMPLE, sections: 1000, placesPerSection: 3 } },
    };
    const seen = await readBackStep(room)(sampled, about(size), doorsOf({ writer: drive }).doors);
    // Three samples of 5 % each, and the first and last sector.
    expect(seen.matchedBytes).toBe(seen.dueBytes);
    expect(seen.dueBytes).toBeGreaterThanOrEqual(size * 0.15);
    expect(seen.dueBytes).toBeLessThan(size * 0.17);
    const places = drive.reads.map(([offset]) => offset).join();
    const again = memoryDrive(bytes);
    await readBackStep(room)(sampled, about(size), doorsOf({ writer: again }).doors);
    expect(again.reads.map(([offset]) => offset).join()).toBe(places);
    const sampling = { ...SAMPLE, sections: 1000, placesPerSection: 3, seedHex: '00'.repeat(32) };
    const seed: ReadBack = { ...sampled, extent: { kind: 'sample', sampling } };
    const elsewhere = memoryDrive(bytes);
    await readBackStep(room)(seed, about(size), doorsOf({ writer: elsewhere }).doors);
    expect(elsewhere.reads.map(([offset]) => offset).join()).not.toBe(places);
  });

  it('that were stopped before they began saw nothing, and proved nothing', async () => {
    const stopped = { signal: AbortSignal.abort(), writer: memoryDrive(written()) };
    const back = doorsOf(stopped);
    expect(await readBackStep(room)(full, about(SIZE), back.doors)).toEqual({
      ...{ kind: 'read-back', dueBytes: 0, bytes: 0, matchedBytes: 0, mismatches: [], mismatchedSectors: 0 },
      ...{ unreadable: { count: 0, offsets: [], code: null }, direct: false, durationMs: 0 },
    });
    const pass = doorsOf(stopped);
    expect(
      await overwriteStep(room)({ kind: 'overwrite', pattern: { kind: 'keyed' } }, about(SIZE), pass.doors),
    ).toEqual({
      ...{ kind: 'overwrite', bytes: 0, bad: { count: 0, offsets: [], code: null }, flushed: false },
      ...{ resumedFrom: null, durationMs: 0 },
    });
    expect([...back.ended, ...pass.ended]).toEqual(['stopped-by-operator', 'stopped-by-operator']);
  });

  it('overwrite every byte with the plan’s own key, and say that it was flushed', async () => {
    const target = memoryDrive(new Uint8Array(SIZE));
    let flushes = 0;
    const writer = {
      ...target,
      write: async (buffer: Uint8Array, offset: number): Promise<number> => {
        target.bytes.set(buffer, offset);
        return await Promise.resolve(buffer.length);
      },
      flush: async (): Promise<void> => {
        flushes += 1;
      },
    };
    const { doors } = doorsOf({ writer });
    const seen = await overwriteStep(room)(
      { kind: 'overwrite', pattern: { kind: 'keyed' } },
      about(SIZE),
      doors,
    );
    expect(seen).toMatchObject({
      kind: 'overwrite',
      bytes: SIZE,
      bad: { count: 0, offsets: [] },
      flushed: true,
      resumedFrom: null,
    });
    expect(seen.durationMs).toBeGreaterThan(0);
    expect(Buffer.compare(target.bytes, written())).toBe(0);
    expect(flushes).toBeGreaterThan(0);
  });
});
