// The bench of lab drives: describes them, serves them, plugs them into a virtual laptop, and cycles their power.
import type { Laptop } from '../virtual-laptop/laptop.ts';
import { type AtaDrive, type DriveDoors, makeAtaDrive } from './ata/drive.ts';
import { labClock } from './clock.ts';
import { type AtaDescription, describeAta, describeScsi, type ScsiDescription } from './describe.ts';
import { type Accident, accidentsOf } from './erase.ts';
import { openTarget } from './iscsi/target.ts';
import type { Medium } from './medium.ts';
import { type Misbehaviour, misbehaviourOf } from './misbehaviour.ts';
import { baysOf, coldArguments, followSuspends } from './plugging.ts';
import type { ScsiAnswer, ScsiCommand } from './scsi/command.ts';
import { makeScsiDisk, type ScsiDisk } from './scsi/disk.ts';
import { type Executed, satCommand, satUnit } from './scsi/sat.ts';
import type { Store } from './store.ts';

/** One command that a drive received, in words, with what became of it. */
export type Logged = { words: string; answer: ScsiAnswer['status'] | null };

export type LabDrive = {
  /** Its name on the target, and of QEMU's parts for it. */
  name: string;
  id: string;
  /** The SCSI address that it is plugged in at: the N of the guest's H:0:N:0. */
  address: number;
  store: Store;
  /** The last ones, oldest first. */
  log: readonly Logged[];
  /** Off and on again, with its connection unless that is to drop too. */
  powerCycle(options?: { drop?: boolean }): void;
};

export type LabAta = LabDrive & { ata: AtaDrive };
export type LabScsi = LabDrive & { scsi: ScsiDisk };

export type Lab = AsyncDisposable & {
  port: number;
  ata(asked: AtaDescription): LabAta;
  scsi(asked: ScsiDescription): LabScsi;
  /** QEMU's words for drives that are there at power-on. */
  attach(...drives: LabDrive[]): string[];
  /** QEMU's words for controllers into which drives can be plugged later, each into one of its own. */
  bays(count: number): string[];
  plug(laptop: Laptop, drive: LabDrive): Promise<void>;
  unplug(drive: LabDrive): Promise<void>;
  /** From now on a suspend of that laptop takes the power from all drives, as it does in a real one. */
  followSuspends(laptop: Laptop): void;
};

type Served = {
  medium: Medium;
  execute(command: ScsiCommand): Executed;
  powerOff(): void;
  powerOn(): void;
};

const LOGGED = 20_000;
/** Of a virtio-scsi controller. */
const ADDRESSES = 250;

/** @param speed how many times faster than the world its drives erase: 20 minutes are 2 seconds at 600 */
export async function openLab({ speed = 600 }: { speed?: number } = {}): Promise<Lab> {
  const target = await openTarget();
  const clock = labClock(speed);
  const plugs = baysOf(target.port);
  const drives: LabDrive[] = [];
  let made = 0;

  const put = (
    misbehaviours: readonly Misbehaviour[],
    make: (doors: DriveDoors, wrote: (sector: number) => void) => Served,
  ): LabDrive => {
    made += 1;
    const [id, name] = [`lab${made}`, `iqn.2026-01.lab.drive:${made}`];
    const accident = (which: Accident): void => {
      if (which === 'power-lost') drive.powerCycle({ drop: true });
      else if (which === 'disconnected') target.drop(name);
      else {
        served.powerOff();
        void plugs.unplug(drive).catch(() => target.remove(name));
      }
    };
    const log: Logged[] = [];
    const queue = serially();
    const served = make({ clock, accident }, (sector) => watch(sector));
    const { medium, execute } = served;
    const watch = accidentsWhileWriting(misbehaviours, medium, accident);
    const perform = async (command: ScsiCommand): Promise<ScsiAnswer> => {
      const { answer, words } = execute(command);
      const entry: Logged = { words, answer: null };
      log.push(entry);
      if (log.length > LOGGED) log.shift();
      const given = await answer;
      entry.answer = given.status;
      return given;
    };
    target.add(name, {
      sense: misbehaviourOf(misbehaviours, 'exit-0-with-error-sense') ? 'fixed' : 'asked-for',
      reset: () => queue.restart(),
      execute: (command) => queue.run(() => perform(command)),
    });
    const drive: LabDrive = {
      ...{ id, name, address: made % ADDRESSES, log, store: medium.store },
      powerCycle({ drop = false } = {}) {
        served.powerOff();
        served.powerOn();
        queue.restart();
        if (drop) target.drop(name);
      },
    };
    drives.push(drive);
    return drive;
  };

  const ata = (asked: AtaDescription): LabAta => {
    const model = describeAta(asked);
    const made: { device?: AtaDrive } = {};
    const drive = put(model.misbehaviours, (doors, wrote) => {
      const device = makeAtaDrive(model, doors);
      const unit = satUnit(device, wrote);
      made.device = device;
      return { ...device, execute: (command) => satCommand(device, unit, command) };
    });
    return { ...drive, ata: made.device! };
  };
  const scsi = (asked: ScsiDescription): LabScsi => {
    const model = describeScsi(asked);
    const made: { device?: ScsiDisk } = {};
    const drive = put(
      model.misbehaviours,
      (doors, wrote) => (made.device = makeScsiDisk(model, doors, wrote)),
    );
    return { ...drive, scsi: made.device! };
  };

  return {
    port: target.port,
    ...{ ata, scsi },
    followSuspends: (laptop) => followSuspends(laptop, () => drives),
    attach: (...drives) => drives.flatMap((drive) => coldArguments(target.port, drive)),
    ...plugs,
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}

/** What happens to an erase may happen to a host's overwriting as well: once, when it comes so far. */
function accidentsWhileWriting(
  misbehaviours: readonly Misbehaviour[],
  { store, sectorBytes }: Medium,
  accident: (which: Accident) => void,
): (sector: number) => void {
  const area = store.areas['addressable']!;
  const left = accidentsOf(misbehaviours).map(({ kind, percent }) => ({
    kind,
    at: (area.end / sectorBytes) * (percent / 100),
  }));
  return (sector) => {
    const due = left.findIndex(({ at }) => sector >= at);
    if (due < 0) return;
    const [one] = left.splice(due, 1);
    // After the answer to this write, which reached the medium.
    setImmediate(() => accident(one!.kind));
  };
}

/** A drive does one thing after another; after a power cycle nobody waits for what it did before. */
function serially(): { run<T>(act: () => Promise<T>): Promise<T>; restart(): void } {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(act) {
      const next = tail.then(act, act);
      tail = next;
      return next;
    },
    restart: () => void (tail = Promise.resolve()),
  };
}
