import { device, named, scope, table, type Value } from './aml.ts';

/** A laptop's battery, and the charger in its socket. */
export type Battery = {
  /** Full capacity over design capacity, in percent. */
  health: number;
  cycles?: number;
  /** What is in it now, in percent of full. */
  charge?: number;
  state?: 'full' | 'charging' | 'discharging';
  /** mWh. */
  design?: number;
  maker?: string;
  model?: string;
  serial?: string;
};

/** Present, enabled, shown, working, and a battery is in its bay (ACPI 6.5, 6.3.7 and 10.2.1). */
const THERE = 0x1f;
const VOLTS = 11_400;
const STATES = { full: 0, discharging: 1, charging: 2 } as const;
const MILLIWATT_HOURS = 0;
const RECHARGEABLE = 1;

/** The SSDT that makes them: /sys/class/power_supply/BAT0 and AC in a Linux guest. */
export function batteryTable(battery: Battery): Buffer {
  const { state = 'full', charge = state === 'full' ? 100 : 60 } = battery;
  const { design, full } = capacities(battery);
  const rate = state === 'full' ? 0 : 15_000;
  const now = Math.round((full * charge) / 100);
  const bat0 = device('BAT0', [
    named('_HID', { eisa: 'PNP0C0A' }),
    named('_UID', 1),
    named('_STA', THERE),
    named('_PCL', []),
    named('_BIF', information(battery, design, full)),
    named('_BIX', extended(battery, design, full)),
    named('_BST', [STATES[state], rate, now, VOLTS]),
  ]);
  const charger = device('AC', [
    named('_HID', 'ACPI0003'),
    named('_STA', 0x0f),
    named('_PCL', []),
    named('_PSR', state === 'discharging' ? 0 : 1),
  ]);
  return table('SSDT', [scope('\\_SB', [bat0, charger])]);
}

function capacities({ health, design = 60_000 }: Battery): { design: number; full: number } {
  return { design, full: Math.round((design * health) / 100) };
}

function names({ model = 'DELL 7FR5J', serial = '4127', maker = 'SMP' }: Battery): Value[] {
  return [model, serial, 'LiP', maker];
}

/** _BIF, 10.2.2.1: unit, design, full, technology, volts, warning, low, two granularities, and the names. */
function information(battery: Battery, design: number, full: number): Value[] {
  const levels = [Math.round(full / 10), Math.round(full / 33), 1, 1];
  return [MILLIWATT_HOURS, design, full, RECHARGEABLE, VOLTS, ...levels, ...names(battery)];
}

/** _BIX revision 0, 10.2.2.2: the same with cycles, accuracy (thousandths of a percent), and times of sampling (ms). */
function extended(battery: Battery, design: number, full: number): Value[] {
  const measuring = [battery.cycles ?? 0, 95_000, 1000, 500, 1000, 500];
  const [unit, , , technology, volts, warning, low, ...rest] = information(battery, design, full);
  return [0, unit!, design, full, technology!, volts!, warning!, low!, ...measuring, ...rest];
}
