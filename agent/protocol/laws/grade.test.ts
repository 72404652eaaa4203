import { describe, expect, it } from 'vitest';
import type { Drive, DriveHealth, DriveIdentity } from '../words/drive.ts';
import type { Inventory } from '../words/inventory.ts';
import type { GradeReason } from '../words/record.ts';
import { grade } from './grade.ts';
import { RUBRIC, rubricHash } from './rubric.ts';

const GIB = 1024 ** 3;
const sources = ['test'];
const sound: DriveHealth = {
  passed: true,
  powerOnHours: 1200,
  temperatureCelsius: 31,
  reallocatedSectors: 0,
  pendingSectors: 0,
  uncorrectableSectors: 0,
  percentageUsed: 4,
  availableSparePercent: 100,
  criticalWarning: 0,
  mediaErrors: '0',
};

/** A laptop of which everything is known and good. */
function laptop(change: Partial<Inventory> = {}): Inventory {
  return {
    schema: 'rebond.inventory/1',
    takenAt: { wall: '2026-11-23T08:00:00.000Z', timeSource: 'server' },
    system: { outcome: 'absent', sources },
    cpu: {
      outcome: 'read',
      sources,
      value: {
        ...{ model: 'i5', vendor: null, architecture: 'x86_64', sockets: 1, cores: 4, threads: 8 },
        ...{ maxMegahertz: 3000, virtualization: true },
      },
    },
    memory: {
      outcome: 'read',
      sources,
      value: { usableBytes: 15.4 * GIB, modules: { outcome: 'absent', sources } },
    },
    drives: withHealth(sound),
    batteries: withBattery(91),
    displays: {
      outcome: 'read',
      sources,
      value: [
        {
          ...{ connector: 'eDP-1', internal: true, maker: 'LGD', model: null, serial: null, year: 2018 },
          ...{ widthPixels: 1920, heightPixels: 1080, widthMillimetres: 310, heightMillimetres: 170 },
        },
      ],
    },
    remarks: [],
    ...change,
  };
}

function withHealth(health: DriveHealth): Inventory['drives'] {
  const identity = { transport: 'nvme', model: 'TEST', serial: 'SN-1', wwid: 'eui.1' } as const;
  const facts = { firmware: null, sizeBytes: 256e9, logicalSectorBytes: 512, physicalSectorBytes: 512 };
  const rest = { rotational: false, removable: false, diskseq: '1' };
  const value = [
    {
      path: '/dev/nvme0n1',
      identity,
      medium: 'nvme' as const,
      ...facts,
      ...rest,
      health: { outcome: 'read' as const, sources, value: health },
    },
  ];
  return { outcome: 'read', sources, value };
}

/** A good laptop with a stick in it, whose health nobody knows. */
function withStick(change: {
  identity?: { transport: 'sata' | 'mmc' };
  removable?: boolean | null;
  medium?: 'emmc';
}) {
  const inner = withHealth(sound);
  const [own] = inner.outcome === 'read' ? inner.value : [];
  const identity: DriveIdentity = {
    ...{ transport: 'usb', model: 'Ultra', serial: 'U-1', wwid: null },
    ...change.identity,
  };
  const stick: Drive = {
    ...own!,
    ...{ path: '/dev/sdb', medium: 'usb-flash', removable: true, ...change, identity },
    health: { outcome: 'absent', sources },
  };
  const inventory = laptop({ drives: { outcome: 'read', sources, value: [own!, stick] } });
  return { named: { path: stick.path, identity }, inventory };
}

function withBattery(healthPercent: number | null): Inventory['batteries'] {
  const names = { name: 'BAT0', manufacturer: null, model: null, serial: null, technology: null };
  const value = [
    { ...names, unit: 'mWh' as const, design: 50_000, full: 45_000, healthPercent, cycles: 10, oddities: [] },
  ];
  return { outcome: 'read', sources, value };
}

const letterOf = (reasons: GradeReason[], rule: string): string | null | undefined =>
  reasons.find((each) => each.rule === rule)?.letter;

describe('grade', () => {
  it('names its rubric by version and hash', async () => {
    const { rubric } = await grade(laptop(), [], null);
    expect(rubric).toEqual({ id: RUBRIC.id, version: RUBRIC.version, sha256: await rubricHash() });
    expect(await rubricHash({ ...RUBRIC, version: 3 } as unknown as typeof RUBRIC)).not.toBe(rubric.sha256);
  });

  it('judges a record from before version 4 by the rubric of then, whose hash never changes', async () => {
    const { rubric } = await grade(laptop(), []);
    expect(rubric).toEqual({
      ...{ id: 'rebond-house', version: 1 },
      sha256: '7ee87c48277f351668d757fb9ebcb97a9d0e343de902618545fad87179ebdda7',
    });
  });

  it('leaves the stick that the session was started from out of account, and no drive of the laptop', async () => {
    const { named, inventory } = withStick({});
    const given = await grade(inventory, [], named);
    expect(letterOf(given.reasons, 'drive-0')).toBe('A');
    expect(letterOf(given.reasons, 'drive-1')).toBeUndefined();
    expect(given.reasons.find(({ rule }) => rule === 'data')?.en).toContain('not sanitized: 1.');
    // Not named, or judged by rubric 1, it counts as before.
    for (const other of [null, undefined]) {
      const before = await grade(inventory, [], other);
      expect(letterOf(before.reasons, 'drive-1')).toBeNull();
      expect(before.reasons.find(({ rule }) => rule === 'data')?.en).toContain('not sanitized: 2.');
    }
  });

  it.each<[string, Parameters<typeof withStick>[0]]>([
    ['a drive inside the laptop', { identity: { transport: 'sata' } }],
    ['a USB drive that is not removable', { removable: false }],
    ['a USB drive of which that is not known', { removable: null }],
    ['soldered flash', { identity: { transport: 'mmc' }, medium: 'emmc' }],
  ])('counts %s, whatever it is named', async (_, change) => {
    const { named, inventory } = withStick(change);
    const given = await grade(inventory, [], named);
    expect(letterOf(given.reasons, 'drive-1')).toBeNull();
    expect(given.reasons.find(({ rule }) => rule === 'data')?.en).toContain('not sanitized: 2.');
  });

  it('leaves nothing out where the name is of another drive', async () => {
    const { named, inventory } = withStick({});
    for (const other of [
      { ...named, path: '/dev/sdz' },
      { ...named, identity: { ...named.identity, serial: null } },
    ])
      expect(letterOf((await grade(inventory, [], other)).reasons, 'drive-1')).toBeNull();
  });

  it('gives no letter while something is unknown, and says how good it can still become', async () => {
    const given = await grade(laptop(), []);
    expect(given).toMatchObject({ overall: null, functional: null, cosmetic: null, atBest: 'A' });
    expect(letterOf(given.reasons, 'data')).toBeNull();
    expect(letterOf(given.reasons, 'cosmetic')).toBeNull();
  });

  it.each([
    ['80', 80, 'A'],
    ['79.9', 79.9, 'B'],
    ['70', 70, 'B'],
    ['50', 50, 'C'],
    ['49', 49, 'D'],
    ['unknown', null, null],
  ])('a battery of %s %% gets its letter', async (_, percent, letter) => {
    const given = await grade(laptop({ batteries: withBattery(percent) }), []);
    expect(letterOf(given.reasons, 'battery-0')).toBe(letter);
    if (letter) expect(given.atBest).toBe(letter);
  });

  it('a drive that says PASSED but has pending sectors is not good', async () => {
    const given = await grade(laptop({ drives: withHealth({ ...sound, pendingSectors: 1 }) }), []);
    expect(letterOf(given.reasons, 'drive-0')).toBe('D');
  });

  it.each<[string, Partial<DriveHealth>, string | null]>([
    ['announces its failure', { passed: false }, 'D'],
    ['has no word of its own', { passed: null }, null],
    ['has no counters', { percentageUsed: null, pendingSectors: null, reallocatedSectors: null }, null],
    ['has two reallocated sectors', { reallocatedSectors: 2 }, 'B'],
    ['has four', { reallocatedSectors: 4 }, 'D'],
    ['is worn beyond its rating', { percentageUsed: 101 }, 'D'],
    ['has uncorrectable sectors', { uncorrectableSectors: 1 }, 'D'],
    ['has media errors beyond 2^53', { mediaErrors: '9007199254740993' }, 'B'],
    ['is old', { powerOnHours: 40_000 }, 'B'],
    ['has a critical warning', { criticalWarning: 4 }, 'D'],
  ])('a drive that %s', async (_, change, letter) => {
    const given = await grade(laptop({ drives: withHealth({ ...sound, ...change }) }), []);
    expect(letterOf(given.reasons, 'drive-0')).toBe(letter);
  });

  it('an unknown part is never an A: a failed probe gets no letter', async () => {
    const failed = { outcome: 'failed', failure: { code: 'timed-out', source: 'x', detail: '' } } as const;
    const given = await grade(
      laptop({ memory: failed, cpu: failed, drives: failed, batteries: failed, displays: failed }),
      [],
    );
    expect(given.reasons.filter(({ letter }) => letter !== null)).toEqual([]);
    expect(given.overall).toBeNull();
  });

  it('gives its reasons in both languages', async () => {
    for (const { fr, en } of (await grade(laptop(), [])).reasons) {
      expect(fr).not.toBe('');
      expect(en).not.toBe(fr);
    }
  });
});
