// A SCSI disk of its own right (no ATA behind it): SANITIZE and FORMAT UNIT (SBC-4 5.30, 5.4) with their progress.
import { MINUTE } from '../clock.ts';
import type { DriveDoors } from '../ata/drive.ts';
import type { ScsiModel } from '../describe.ts';
import { type Erase, type EraseOrder, startErase } from '../erase.ts';
import { makeMedium, type Medium } from '../medium.ts';
import { misbehaviourOf } from '../misbehaviour.ts';
import { makeStore, type Residue } from '../store.ts';
import { blockCommand, type Unit } from './block.ts';
import { check, good, OP, opName, type ScsiAnswer, type ScsiCommand } from './command.ts';
import { logSense, supportedOperations } from './pages.ts';
import type { Executed } from './sat.ts';
import { type Sense, SENSE } from './sense.ts';

/** What the drive is doing, or what became of it. */
type DiskState = 'ready' | 'sanitizing' | 'formatting' | 'sanitize-failed' | 'format-failed';

export type ScsiDisk = {
  model: ScsiModel;
  medium: Medium;
  state(): DiskState;
  serial(): string;
  execute(command: ScsiCommand): Executed;
  powerOff(): void;
  powerOn(): void;
};

/** Service actions of SANITIZE (SBC-4 table 128). */
const ACTION = { overwrite: 1, block: 2, crypto: 3, exitFailure: 0x1f } as const;
const IMMEDIATE = 0x80;
const UNRESTRICTED = 0x20;

export function makeScsiDisk(
  model: ScsiModel,
  doors: DriveDoors,
  wrote: (sector: number) => void = () => {},
): ScsiDisk {
  const { misbehaviours, size, spare, remapped, seed, logicalSectorBytes } = model;
  const store = makeStore({ seed, areas: { addressable: size, spare, remapped } });
  const medium = makeMedium(store, logicalSectorBytes, misbehaviours);
  let [state, serial, sectors, keys] = ['ready' as DiskState, model.serial, size / logicalSectorBytes, 0];
  let [erase, order, mayExit] = [null as Erase | null, null as EraseOrder | null, false];
  let waiting: (answer: ScsiAnswer) => void = () => {};

  const ended = (how: 'done' | 'failed'): void => {
    const failure = state === 'sanitizing' ? 'sanitize-failed' : 'format-failed';
    state = how === 'done' ? 'ready' : failure;
    if (how === 'done') {
      const another = misbehaviourOf(misbehaviours, 'serial-changed-after');
      const changed = misbehaviourOf(misbehaviours, 'capacity-changed-after');
      if (another) serial = another.serial ?? `${serial.slice(0, 16)}NEW`;
      if (changed) sectors = Math.floor(Math.min(size, changed.bytes ?? size - 2 ** 20) / logicalSectorBytes);
    }
    waiting(how === 'done' ? good() : check(refusal()!));
  };
  const run = (what: EraseOrder, from = 0): void => {
    const { clock, accident, had } = doors;
    order = what;
    erase = startErase(what, { clock, medium, misbehaviours, had, accident, ended }, from);
  };
  const progress = (): number => Math.floor((erase?.progress() ?? 0) * 65_535);
  const refusal = (): Sense | null => {
    switch (state) {
      case 'ready':
        return null;
      case 'sanitizing':
        return SENSE.sanitizeInProgress({ progress: progress() });
      case 'formatting':
        return SENSE.formatInProgress({ progress: progress() });
      case 'sanitize-failed':
        return SENSE.sanitizeFailed();
      case 'format-failed':
        return SENSE.formatFailed();
    }
  };
  const begin = (next: DiskState, what: EraseOrder, immediate: boolean): ScsiAnswer | Promise<ScsiAnswer> => {
    state = next;
    waiting = () => {};
    run(what);
    return immediate ? good() : new Promise((resolve) => (waiting = resolve));
  };

  const sanitize = ({ cdb, data }: ScsiCommand): ScsiAnswer | Promise<ScsiAnswer> => {
    const action = cdb[1]! & 0x1f;
    if (!model.sanitize) return check(SENSE.invalidOpcode());
    if (state === 'sanitizing' || state === 'formatting') return check(refusal()!);
    if (action === ACTION.exitFailure) {
      if (state === 'sanitize-failed' && !mayExit) return check(refusal()!);
      state = 'ready';
      return good();
    }
    const found = operation(model, action, data, `${seed} ${keys}`);
    if (!found) return check(SENSE.invalidField());
    if (misbehaviourOf(misbehaviours, 'enhanced-advertised-but-unsupported'))
      return check(SENSE.invalidField());
    keys += 1;
    mayExit = (cdb[1]! & UNRESTRICTED) !== 0;
    const durationMs = model.sanitize.minutes * MINUTE;
    const what = { ...found, ranges: Object.values(store.areas), durationMs, visibleEnd: size };
    return begin('sanitizing', what, (cdb[1]! & IMMEDIATE) !== 0);
  };
  /** What was replaced or is spare is not reached by a format. */
  const format = ({ cdb, data }: ScsiCommand): ScsiAnswer | Promise<ScsiAnswer> => {
    if (!model.formatUnit) return check(SENSE.invalidOpcode());
    if (state !== 'ready' && state !== 'format-failed') return check(refusal()!);
    const immediate = (cdb[1]! & 0x10) !== 0 && data.length >= 2 && (data[1]! & 2) !== 0;
    const durationMs = (model.sanitize?.minutes ?? 10) * MINUTE;
    const ranges = [store.areas['addressable']!];
    const what = { ranges, residue: { kind: 'zeros' } as const, durationMs, visibleEnd: size };
    return begin('formatting', what, immediate);
  };

  const unit: Unit = {
    ...{ medium, wrote, refusal },
    sectors: () => sectors,
    identity: () => ({
      ...{ vendor: model.vendor, product: model.model, revision: model.firmware, serial },
      ...{ wwn: wwnOf(model.serial), rotation: model.rotation, ata: null },
      unmapBlocks: model.unmap ? 65_535 : 0,
    }),
    state: () => refusal() ?? SENSE.none(),
  };
  const answer = (command: ScsiCommand): ScsiAnswer | Promise<ScsiAnswer> => {
    const code = command.cdb[0]!;
    if (code === OP.sanitize) return sanitize(command);
    if (code === OP.formatUnit) return format(command);
    if (code === OP.maintenanceIn) return supportedOperations(model, command);
    const refused = refusal();
    if (refused && !WHILE_BUSY.has(code)) return check(refused);
    if (code === OP.logSense) return logSense(command);
    return blockCommand(unit, command) ?? check(SENSE.invalidOpcode());
  };

  return {
    model,
    medium,
    state: () => state,
    serial: () => serial,
    execute: (command) => ({ answer: answer(command), words: wordsOf(command) }),
    powerOff() {
      if (erase?.state() === 'running') erase.stop();
      waiting = () => {};
    },
    powerOn() {
      medium.powerCycle();
      if (erase?.state() !== 'stopped' || !order) return;
      if (state === 'sanitizing') run(order, erase.progress());
      else if (state === 'formatting') state = 'format-failed';
    },
  };
}

const WHILE_BUSY: ReadonlySet<number> = new Set([
  OP.inquiry,
  OP.requestSense,
  OP.reportLuns,
  OP.testUnitReady,
]);

function operation(
  { sanitize }: ScsiModel,
  action: number,
  data: Buffer,
  key: string,
): { residue: Residue; atOnce: boolean } | null {
  switch (action) {
    case ACTION.block:
      return sanitize?.block ? { residue: { kind: 'zeros' }, atOnce: false } : null;
    case ACTION.crypto:
      return sanitize?.crypto ? { residue: { kind: 'random', key }, atOnce: true } : null;
    case ACTION.overwrite: {
      if (!sanitize?.overwrite || data.length < 5) return null;
      const [length, count] = [data.readUInt16BE(2), data[0]! & 0x1f];
      if (length === 0 || length > data.length - 4 || count === 0) return null;
      const inverted = (data[0]! & 0x80) !== 0 && count % 2 === 0;
      const bytes = data.subarray(4, 4 + length).map((byte) => (inverted ? ~byte : byte));
      return { residue: { kind: 'pattern', bytes }, atOnce: false };
    }
    default:
      return null;
  }
}

function wordsOf({ cdb }: ScsiCommand): string {
  const name = opName(cdb[0]!) ?? `opcode ${cdb[0]!.toString(16)}`;
  return cdb[0] === OP.sanitize ? `${name} ${cdb[1]! & 0x1f}` : name;
}

function wwnOf(serial: string): bigint {
  let value = 0n;
  for (const each of serial) value = (value * 257n + BigInt(each.codePointAt(0) ?? 0)) % 2n ** 32n;
  return 0x5000c500_00000000n + value;
}
