// An ATA drive: which command may run in which state, and what it does. Time is the clock's, the wire is elsewhere.
import { type Clock, MINUTE } from '../clock.ts';
import type { AtaModel } from '../describe.ts';
import type { Accident, Erase } from '../erase.ts';
import { startErase } from '../erase.ts';
import { makeMedium, type Medium } from '../medium.ts';
import { type Misbehaviour, misbehaviourOf } from '../misbehaviour.ts';
import { makeStore, type Range, type Residue } from '../store.ts';
import { type Capacity, makeCapacity } from './capacity.ts';
import { identifyPage } from './identify.ts';
import { execute, type Parts } from './commands.ts';
import { aborted, type AtaResult, good, type TaskFile } from './registers.ts';
import { makeSanitize, type SanitizeMachine, type SanitizeOperation } from './sanitize.ts';
import { type EraseKind, makeSecurity, type SecurityMachine } from './security.ts';
import { makeSmart } from './smart.ts';

export type AtaDrive = {
  model: AtaModel;
  medium: Medium;
  capacity: Capacity;
  security: SecurityMachine | null;
  sanitize: SanitizeMachine;
  serial(): string;
  identify(): Buffer;
  /** ERASE UNIT answers at its end; one that the power took never answers. */
  execute(task: TaskFile, data: Buffer | null): Promise<AtaResult>;
  /** Whether the state of the drive lets its medium be read and written. */
  accessible(): boolean;
  powerOff(): void;
  powerOn(): void;
};

export type DriveDoors = {
  clock: Clock;
  /** Accidents that the drive has had: each comes once. */
  had: Set<Accident>;
  accident: (which: Accident) => void;
};

export function makeAtaDrive(model: AtaModel, doors: DriveDoors): AtaDrive {
  const { misbehaviours, size, spare, remapped, seed, logicalSectorBytes } = model;
  const store = makeStore({ seed, areas: { addressable: size, spare, remapped } });
  const medium = makeMedium(store, logicalSectorBytes, misbehaviours);
  const capacity = makeCapacity(model);
  const security = model.security && makeSecurity(model.security, misbehaviours);
  const smart = makeSmart(model.smart, doors.clock, () => firstBad(misbehaviours));
  let [erase, order, serial, scrambles] = [null as Erase | null, null as Order | null, model.serial, 0];

  const run = (what: Order, from: number, ended: (how: 'done' | 'failed') => void): void => {
    const end = (how: 'done' | 'failed'): void => {
      if (how === 'done') serial = changeAfterErase(model, capacity, serial);
      ended(how);
    };
    const visibleEnd = capacity.current() * logicalSectorBytes;
    const { clock, accident, had } = doors;
    order = what;
    erase = startErase(
      { ...what, visibleEnd },
      { clock, medium, misbehaviours, had, accident, ended: end },
      from,
    );
  };
  const sanitize = makeSanitize(model.sanitize, sanitizeOptions(misbehaviours), {
    progress: () => erase?.progress() ?? 1,
    start: (operation) => run(sanitizeOrder(model, store.areas, operation), 0, sanitizeEnded),
    freshKey: () => `${seed} ${(scrambles += 1)}`,
  });
  const sanitizeEnded = (how: 'done' | 'failed'): void => sanitize.ended(how);

  const eraseUnit = (kind: EraseKind): Promise<AtaResult> => {
    const what = securityOrder(model, store.areas, kind, capacity.current() * logicalSectorBytes);
    return new Promise((resolve) =>
      run(what, 0, (how) => {
        if (how === 'done') security?.erased();
        resolve(how === 'done' ? good() : aborted());
      }),
    );
  };
  const identify = (): Buffer => {
    const hidden = capacity.current() < capacity.native();
    return identifyPage({ model, serial, sectors: capacity.current(), hidden, security });
  };
  const parts: Parts = { model, medium, capacity, security, sanitize, smart, identify, eraseUnit };

  return {
    ...{ model, medium, capacity, security, sanitize, identify },
    serial: () => serial,
    accessible: () => !(security?.locked() ?? false) && !['SD2', 'SD3'].includes(sanitize.state()),
    execute: async (task, data) => execute(parts, task, data),
    powerOff() {
      if (erase?.state() === 'running') erase.stop();
      security?.powerOff();
    },
    powerOn() {
      security?.powerOn();
      for (const each of [capacity, smart, sanitize]) each.powerOn();
      medium.powerCycle();
      // A sanitize operation goes on after a power loss (ACS-4 4.17.2), a security erase does not.
      if (erase?.state() === 'stopped' && order && sanitize.state() === 'SD2')
        run(order, erase.progress(), sanitizeEnded);
    },
  };
}

type Order = { ranges: readonly Range[]; residue: Residue; atOnce: boolean; durationMs: number };

function sanitizeOptions(misbehaviours: readonly Misbehaviour[]): { frozen: boolean; aborts: boolean } {
  return {
    frozen: misbehaviourOf(misbehaviours, 'frozen')?.sanitizeToo ?? false,
    aborts: misbehaviourOf(misbehaviours, 'enhanced-advertised-but-unsupported') !== null,
  };
}

const firstBad = (misbehaviours: readonly Misbehaviour[]): number =>
  misbehaviourOf(misbehaviours, 'bad-sectors')?.sectors[0] ?? 0;

/** All there is: hidden areas, over-provisioned cells and replaced sectors too (ACS-4 4.17.1). */
function sanitizeOrder(
  { sanitize }: AtaModel,
  areas: Readonly<Record<string, Range>>,
  { residue, atOnce }: SanitizeOperation,
): Order {
  return { ranges: Object.values(areas), residue, atOnce, durationMs: (sanitize?.minutes ?? 1) * MINUTE };
}

/** Normal: what is addressable now. Enhanced: all that was ever written, replaced sectors included (ACS-4 7.40). */
function securityOrder(
  { security }: AtaModel,
  areas: Readonly<Record<string, Range>>,
  kind: EraseKind,
  visibleEnd: number,
): Order {
  const enhanced = kind === 'enhanced';
  const minutes = (enhanced ? security?.enhancedMinutes : security?.minutes) ?? 1;
  const ranges = enhanced ? Object.values(areas) : [{ start: 0, end: visibleEnd }];
  return { ranges, residue: { kind: 'zeros' }, atOnce: false, durationMs: minutes * MINUTE };
}

function changeAfterErase({ misbehaviours, ...model }: AtaModel, capacity: Capacity, serial: string): string {
  const changed = misbehaviourOf(misbehaviours, 'capacity-changed-after');
  const bytes = Math.min(changed?.bytes ?? model.size - 2 ** 20, model.size);
  if (changed) capacity.change(Math.max(1, Math.floor(bytes / model.logicalSectorBytes)));
  const another = misbehaviourOf(misbehaviours, 'serial-changed-after');
  return another ? (another.serial ?? `${serial.slice(0, 16)}NEW`) : serial;
}
