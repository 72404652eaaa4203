import { clip, type Battery } from '@rebond/protocol';
import { failed, integer, parsed, type Parsed } from './parsed.ts';
import { meaningful } from './placeholder.ts';

const UEVENT = 'uevent';
const PREFIX = 'POWER_SUPPLY_';

/** `not-a-battery`: a mains adapter, a USB-C source, a mouse. `empty-bay`: a battery could be there and is not. */
export type Supply =
  | { kind: 'battery'; battery: Battery }
  | { kind: 'empty-bay' }
  | { kind: 'not-a-battery' };

/**
 * The `uevent` file of a power supply (kernel: Documentation/ABI/testing/sysfs-class-power, values in µWh, µAh, µV).
 * @param name the folder's name, e.g. `BAT0`
 * @param type the `type` file, for kernels before 5.4 whose uevent does not hold it
 */
export function parseSupply(name: string, uevent: string, type: string | null): Parsed<Supply> {
  const facts = pairs(uevent);
  if (facts.size === 0) return failed('nonsense', `${name} ${UEVENT}`, uevent.slice(0, 500));
  const kind = facts.get('TYPE') ?? type?.trim() ?? '';
  if (kind !== 'Battery' || facts.get('SCOPE') === 'Device') return parsed({ kind: 'not-a-battery' });
  if (facts.get('PRESENT') === '0') return parsed({ kind: 'empty-bay' });
  return parsed({ kind: 'battery', battery: battery(name, facts) });
}

/** The first of two equal keys counts: kernels since 5.4 print the type twice. */
function pairs(uevent: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const line of uevent.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    const key = line.slice(PREFIX.length, equals);
    if (line.startsWith(PREFIX) && equals > PREFIX.length && !facts.has(key)) {
      facts.set(key, line.slice(equals + 1).trim());
    }
  }
  return facts;
}

type Facts = ReadonlyMap<string, string>;

function battery(name: string, facts: Facts): Battery {
  const capacity = capacityOf(facts);
  const nonsense = [...capacityOddities(capacity), ...otherOddities(facts)];
  const cycles = integer(facts.get('CYCLE_COUNT'));
  return {
    name: clip(name),
    manufacturer: meaningful(facts.get('MANUFACTURER')),
    model: meaningful(facts.get('MODEL_NAME')),
    serial: meaningful(facts.get('SERIAL_NUMBER')),
    technology: meaningful(facts.get('TECHNOLOGY')),
    unit: capacity.unit,
    design: thousandth(capacity.design),
    full: thousandth(capacity.full),
    healthPercent: nonsense.some(({ isFatal }) => isFatal) ? null : percent(capacity),
    cycles: cycles !== null && cycles > 0 && cycles < CYCLES_MAX ? cycles : null,
    oddities: nonsense.slice(0, 16).map(({ text }) => clip(text)),
  };
}

/** The capacities in µWh where `unit` is mWh, in µAh where it is mAh. */
type Capacity = {
  unit: 'mWh' | 'mAh' | null;
  design: number | null;
  full: number | null;
  now: number | null;
};

/** Energy where design or full is given in it, else charge. */
function capacityOf(facts: Facts): Capacity {
  const read = (kind: 'ENERGY' | 'CHARGE', unit: 'mWh' | 'mAh'): Capacity => ({
    unit,
    design: integer(facts.get(`${kind}_FULL_DESIGN`)),
    full: integer(facts.get(`${kind}_FULL`)),
    now: integer(facts.get(`${kind}_NOW`)),
  });
  const known = [read('ENERGY', 'mWh'), read('CHARGE', 'mAh')];
  const complete = known.find(({ design, full }) => (design ?? 0) > 0 && (full ?? 0) > 0);
  const partial = known.find(({ design, full }) => design !== null || full !== null);
  return complete ?? partial ?? { unit: null, design: null, full: null, now: null };
}

function thousandth(micro: number | null): number | null {
  return micro === null ? null : Math.round(micro / 1000);
}

function percent({ design, full }: Capacity): number | null {
  return design === null || full === null ? null : Math.round((full / design) * 1000) / 10;
}

/** `isFatal`: the health cannot be told. */
type Oddity = { isFatal: boolean; text: string };

/** Smallest and largest pack of a laptop or tablet, in µWh and µAh. */
const PLAUSIBLE = { mWh: [2_000_000, 250_000_000], mAh: [300_000, 40_000_000] } as const;
const CYCLES_MAX = 65_535;

function capacityOddities({ unit, design, full, now }: Capacity): Oddity[] {
  if (unit === null || design === null || full === null) {
    return [{ isFatal: true, text: 'no full and design capacity reported' }];
  }
  const [least, most] = PLAUSIBLE[unit];
  const isOutside = design < least || design > most;
  const found: Oddity[] = [];
  const say = (condition: boolean, isFatal: boolean, text: string): void => {
    if (condition) found.push({ isFatal, text });
  };
  say(isOutside, true, `design capacity of ${design / 1000} ${unit} is impossible`);
  say(full <= 0, true, `full capacity of ${full / 1000} ${unit}`);
  say(full === design && full > 0, true, 'full capacity is the design capacity, as if never measured');
  say(full > design && !isOutside, full > design * 1.25, 'full capacity is above the design capacity');
  say(now !== null && now > full * 1.1 && full > 0, true, 'more charge now than when full');
  return found;
}

function otherOddities(facts: Facts): Oddity[] {
  const cycles = integer(facts.get('CYCLE_COUNT'));
  const tenths = integer(facts.get('TEMP'));
  const microvolts = integer(facts.get('VOLTAGE_NOW'));
  const oddities: (string | false)[] = [
    cycles === 0 && 'cycle count of 0, which firmware says where it does not count',
    cycles !== null && (cycles < 0 || cycles >= CYCLES_MAX) && `cycle count of ${cycles}`,
    tenths !== null && (tenths < -600 || tenths > 1500) && `temperature of ${tenths / 10} °C`,
    microvolts !== null &&
      (microvolts < 2_000_000 || microvolts > 60_000_000) &&
      `voltage of ${microvolts / 1e6} V`,
  ];
  return oddities.filter((text) => text !== false).map((text) => ({ isFatal: false, text }));
}
