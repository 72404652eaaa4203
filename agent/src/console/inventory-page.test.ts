import { Inventory } from '@rebond/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventoryPage } from './inventory-page.ts';
import { bar } from './inventory-parts.ts';

const failed = (code: string) => ({
  outcome: 'failed',
  failure: { code, source: 'tool', detail: 'why\nmore' },
});
const read = (value: unknown) => ({ outcome: 'read', sources: ['test'], value });
const HEALTH = {
  passed: true,
  powerOnHours: 12_000,
  temperatureCelsius: 31,
  reallocatedSectors: 0,
  pendingSectors: 0,
  uncorrectableSectors: 0,
  percentageUsed: null,
  availableSparePercent: null,
  criticalWarning: null,
  mediaErrors: null,
};
const drive = (health: object, model = 'EXAMPLE SSD') => ({
  path: '/dev/sda',
  identity: { transport: 'sata', model, serial: 'EX-1', wwid: null },
  medium: 'ata-ssd',
  firmware: null,
  sizeBytes: 256_060_514_304,
  logicalSectorBytes: 512,
  physicalSectorBytes: 4096,
  rotational: false,
  removable: false,
  diskseq: '1',
  health,
});
const battery = (healthPercent: number | null, oddities: string[] = []) => ({
  name: 'BAT0',
  manufacturer: 'EXAMPLE',
  model: null,
  serial: null,
  technology: null,
  unit: 'mWh',
  design: 50_000,
  full: 40_000,
  healthPercent,
  cycles: 120,
  oddities,
});
const inventory = (change: object = {}): Inventory =>
  Inventory.parse({
    schema: 'rebond.inventory/1',
    takenAt: { wall: '2026-03-01T10:00:00.000Z', timeSource: 'rtc-unverified' },
    system: failed('unreadable'),
    cpu: failed('unreadable'),
    memory: read({ usableBytes: 8 * 1024 ** 3, modules: failed('tool-missing') }),
    drives: read([drive(read(HEALTH))]),
    batteries: read([battery(80)]),
    displays: { outcome: 'absent', sources: [] },
    remarks: [],
    ...change,
  });
const page = (change: object, lang: 'fr' | 'en' = 'en', width = 100): string =>
  inventoryPage(inventory(change), lang, width).join('\n');

describe('inventoryPage', () => {
  it('shows what was read, in both languages, and that the clock is not to be believed', () => {
    const [english, french] = [page({}), page({}, 'fr')];
    expect(english).toContain('2026-03-01 10:00 UTC (time not verified)');
    expect(english).toContain('/dev/sda · 256.1 GB · EXAMPLE SSD · serial EX-1 · ata-ssd / sata');
    expect(english).toContain('BAT0 · ████████░░ 80 % · 40000 / 50000 mWh');
    expect(french).toContain('/dev/sda · 256,1 Go');
    expect(french).toContain('Mémoire · 8,0 Gio utilisables');
  });

  it('puts problems before the parts', () => {
    const text = page({
      drives: read([drive(read({ ...HEALTH, passed: false, pendingSectors: 8 }))]),
      batteries: read([battery(null, ['full capacity of 0 mWh'])]),
    });
    const order = [
      'LOOK AT THIS',
      'announces its own failure',
      '8 pending',
      'not known, program missing',
      'full capacity of 0 mWh',
      'MACHINE',
      'DRIVES',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('tells what is absent from what is not known', () => {
    const absent = page({ batteries: { outcome: 'absent', sources: [] } });
    const unknown = page({ batteries: failed('refused') });
    expect(absent).toMatch(/No battery\.[\s\S]*BATTERIES\n {2}none/);
    expect(unknown).toMatch(/Batteries: not known, access refused[\s\S]*BATTERIES\n {2}not known/);
  });

  it('says so when nothing is wrong', () => {
    const good = {
      outcome: 'read',
      sources: [],
      value: {
        manufacturer: 'E',
        product: 'L',
        version: null,
        serial: 'S',
        uuid: null,
        boardSerial: null,
        chassis: null,
        firmwareVendor: null,
        firmwareVersion: null,
        firmwareDate: null,
      },
    };
    const cpu = read({
      model: 'C',
      vendor: null,
      architecture: 'x86_64',
      sockets: 1,
      cores: 2,
      threads: 4,
      maxMegahertz: null,
      virtualization: null,
    });
    const memory = read({ usableBytes: 1, modules: read({ modules: [], emptySlots: 2 }) });
    const text = page({ system: good, cpu, memory });
    expect(text).toContain('Nothing to report in what was read.');
    expect(text).toContain('2 free slots');
  });

  it('lets no hostile string act on the terminal or leave its line, at any width', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('\x1b[2J\x1b[31m', '\u202eevil', '\r\nOK', '\u009b31m'),
    );
    fc.assert(
      fc.property(hostile, fc.integer({ min: 20, max: 120 }), (text, width) => {
        const clean = text.toWellFormed();
        const lines = inventoryPage(
          inventory({
            drives: read([drive(failed('refused'), clean)]),
            batteries: read([battery(null, [clean])]),
            remarks: [clean],
          }),
          'fr',
          width,
        );
        // oxlint-disable-next-line no-control-regex -- what must not be there
        expect(lines.every((line) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(line))).toBe(true);
        expect(lines.every((line) => Array.from(line).length <= width)).toBe(true);
      }),
    );
  });

  it('hands whole lines to the painter, each with its tone', () => {
    const lines = inventoryPage(inventory(), 'en', 80, (line, tone) => `<${tone}>${line}`);
    expect(lines[0]).toMatch(/^<title>INVENTORY/);
    expect(lines.find((line) => line.includes('Memory modules'))).toMatch(/^<problem>/);
    expect(lines.find((line) => line.includes('/dev/sda'))).toMatch(/^<plain>/);
  });
});

describe('bar', () => {
  it('has ten blocks', () => {
    expect([0, 4, 55, 100, 130].map(bar)).toEqual([
      '░░░░░░░░░░',
      '░░░░░░░░░░',
      '██████░░░░',
      '██████████',
      '██████████',
    ]);
  });
});
