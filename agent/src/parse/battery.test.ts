import { Battery } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { parseSupply } from './battery.ts';

const uevent = (facts: Record<string, string | number>): string =>
  Object.entries({ NAME: 'BAT0', TYPE: 'Battery', PRESENT: 1, ...facts })
    .map(([key, value]) => `POWER_SUPPLY_${key}=${value}\n`)
    .join('');
const GOOD = {
  ENERGY_FULL_DESIGN: 50_000_000,
  ENERGY_FULL: 40_000_000,
  ENERGY_NOW: 20_000_000,
  CYCLE_COUNT: 120,
};

const battery = (facts: Record<string, string | number>): Battery => {
  const supply = parseSupply('BAT0', uevent(facts), null);
  if (supply.kind === 'failed' || supply.value.kind !== 'battery') throw new Error('not a battery');
  return Battery.parse(supply.value.battery);
};

describe('parseSupply', () => {
  it('reads energy in mWh and charge in mAh, and prefers energy', () => {
    expect(battery({ ...GOOD, MODEL_NAME: 'EX-1 ', SERIAL_NUMBER: '  0012A', TECHNOLOGY: 'Li-ion' })).toEqual(
      {
        name: 'BAT0',
        manufacturer: null,
        model: 'EX-1',
        serial: '0012A',
        technology: 'Li-ion',
        unit: 'mWh',
        design: 50_000,
        full: 40_000,
        healthPercent: 80,
        cycles: 120,
        oddities: [],
      },
    );
    const charge = { CHARGE_FULL_DESIGN: 4_400_000, CHARGE_FULL: 3_801_000 };
    expect(battery(charge)).toMatchObject({ unit: 'mAh', design: 4400, full: 3801, healthPercent: 86.4 });
    expect(battery({ ...charge, ...GOOD }).unit).toBe('mWh');
    expect(battery({ ...charge, ENERGY_FULL_DESIGN: 0, ENERGY_FULL: 0 }).unit).toBe('mAh');
  });

  it('takes only the laptop’s own batteries, and only those that are there', () => {
    const kind = (text: string, type: string | null = null) => parseSupply('X', text, type);
    expect(kind(uevent({ TYPE: 'Mains' }))).toMatchObject({ value: { kind: 'not-a-battery' } });
    expect(kind(uevent({ TYPE: 'USB' }))).toMatchObject({ value: { kind: 'not-a-battery' } });
    expect(kind(uevent({ SCOPE: 'Device' }))).toMatchObject({ value: { kind: 'not-a-battery' } });
    expect(kind(uevent({ PRESENT: 0, CAPACITY: 100 }))).toMatchObject({ value: { kind: 'empty-bay' } });
    expect(kind('POWER_SUPPLY_NAME=BAT0\n', 'Battery\n')).toMatchObject({ value: { kind: 'battery' } });
    expect(kind('POWER_SUPPLY_NAME=BAT0\n')).toMatchObject({ value: { kind: 'not-a-battery' } });
  });

  it('gives no health where the numbers are impossible, and says why', () => {
    const cases: [Record<string, string | number>, RegExp][] = [
      [{ ...GOOD, ENERGY_FULL_DESIGN: 0 }, /design capacity of 0/],
      [{ ...GOOD, ENERGY_FULL: 0 }, /full capacity of 0/],
      [{ ...GOOD, ENERGY_FULL: -1 }, /full capacity of -0.001/],
      [{ ...GOOD, ENERGY_FULL: 50_000_000 }, /as if never measured/],
      [{ ...GOOD, ENERGY_FULL: 90_000_000 }, /above the design/],
      [{ ...GOOD, ENERGY_NOW: 49_000_000 }, /more charge now/],
      [{ ENERGY_FULL_DESIGN: 50_000, ENERGY_FULL: 40_000 }, /design capacity of 50 mWh/],
      [{ ENERGY_FULL_DESIGN: 50_000_000 }, /no full and design/],
      [{ ENERGY_FULL_DESIGN: '', ENERGY_FULL: '' }, /no full and design/],
      [{ ENERGY_FULL_DESIGN: 2 ** 60, ENERGY_FULL: 40_000_000 }, /no full and design/],
    ];
    for (const [facts, reason] of cases) {
      const { healthPercent, oddities } = battery(facts);
      expect([healthPercent, oddities.join()]).toEqual([null, expect.stringMatching(reason)]);
    }
  });

  it('keeps a health a little above 100 %, and names it', () => {
    expect(battery({ ...GOOD, ENERGY_FULL: 51_000_000 })).toMatchObject({
      healthPercent: 102,
      oddities: ['full capacity is above the design capacity'],
    });
  });

  it('names impossible cycles, temperature and voltage without losing the health', () => {
    const odd = battery({ ...GOOD, CYCLE_COUNT: 65535, TEMP: -2731, VOLTAGE_NOW: 65_535_000 });
    expect(odd).toMatchObject({ healthPercent: 80, cycles: null });
    expect(odd.oddities).toEqual(['cycle count of 65535', 'temperature of -273.1 °C', 'voltage of 65.535 V']);
    expect([0, -1].map((cycles) => battery({ ...GOOD, CYCLE_COUNT: cycles }).cycles)).toEqual([null, null]);
  });

  it.each(['', 'nonsense', 'POWER_SUPPLY_', '\0'])('fails on %j', (text) => {
    expect(parseSupply('BAT0', text, 'Battery')).toMatchObject({
      kind: 'failed',
      failure: { code: 'nonsense' },
    });
  });
});
