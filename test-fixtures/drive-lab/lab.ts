// The bench of lab drives: describes them, serves them, plugs them into a virtual laptop, and cycles their power.
import type { Laptop } from '../virtual-laptop/laptop.ts';
import { type AtaDrive, makeAtaDrive } from './ata/drive.ts';
import { labClock } from './clock.ts';
import { type AtaDescription, describeAta, describeScsi, type ScsiDescription } from './describe.ts';
import type { Accident } from './erase.ts';
import { openTarget } from './iscsi/target.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { baysOf, coldArguments, followSuspends } from './plugging.ts';
import { makeScsiDisk, type ScsiDisk } from './scsi/disk.ts';
import { satCommand, satUnit } from './scsi/sat.ts';
import { type Logged, type MakeDevice, type Served, serveDrive } from './served.ts';
import type { Store } from './store.ts';

export type LabDrive = {
  /** Its name on the target, and of QEMU's parts for it. */
  name: string;
  id: string;
  /** The SCSI address that it is plugged in at: the N of the guest's H:0:N:0. */
  address: number;
  /** The medium itself, whatever the drive says. */
  store: Store;
  /** The last commands that it received, oldest first. */
  log: readonly Logged[];
  /** Off and on again, with its connection unless that is to drop too. */
  powerCycle(options?: { drop?: boolean }): void;
};

type LabAta = LabDrive & { ata: AtaDrive };
type LabScsi = LabDrive & { scsi: ScsiDisk };

export type Lab = AsyncDisposable & {
  port: number;
  ata(asked: AtaDescription): LabAta;
  scsi(asked: ScsiDescription): LabScsi;
  /** QEMU's words for drives that are there at power-on. */
  attach(...drives: LabDrive[]): string[];
  /** QEMU's words for controllers into which drives can be plugged later, each into one of its own. */
  bays(count: number): string[];
  plug(laptop: Laptop, drive: LabDrive): Promise<void>;
  /** Out of the laptop it was plugged into; also when it is out already. */
  unplug(drive: LabDrive): Promise<void>;
  /** From now on a suspend of that laptop takes the power from all drives, as it does in a real one. */
  followSuspends(laptop: Laptop): void;
};

/** Of a virtio-scsi controller. */
const ADDRESSES = 250;

/** @param speed how many times faster than the world its drives erase: 20 minutes are 2 seconds at 600 */
export async function openLab({ speed = 600 }: { speed?: number } = {}): Promise<Lab> {
  const target = await openTarget();
  const clock = labClock(speed);
  const plugs = baysOf(target.port);
  const drives = new Map<string, { drive: LabDrive; served: Served }>();

  const leave = async (drive: LabDrive): Promise<void> => {
    drives.get(drive.id)?.served.go();
    await plugs.unplug(drive);
  };
  const put = (misbehaviours: readonly Misbehaviour[], make: MakeDevice): LabDrive => {
    const number = drives.size + 1;
    const [id, name] = [`lab${number}`, `iqn.2026-01.lab.drive:${number}`];
    const accident = (which: Accident): void => {
      if (which === 'power-lost') drive.powerCycle({ drop: true });
      else if (which === 'disconnected') target.drop(name);
      else if (which === 'hung') served.hang();
      else void leave(drive).catch(() => target.remove(name));
    };
    const served = serveDrive(make, { clock, misbehaviours, accident });
    const { log, device } = served;
    const drive: LabDrive = {
      ...{ id, name, address: number % ADDRESSES, log, store: device.medium.store },
      powerCycle({ drop = false } = {}) {
        served.powerCycle();
        if (drop) target.drop(name);
      },
    };
    target.add(name, served.unit);
    drives.set(id, { drive, served });
    return drive;
  };

  return {
    port: target.port,
    ata(asked) {
      const model = describeAta(asked);
      const { device, make } = remembering((doors, wrote) => {
        const ata = makeAtaDrive(model, doors);
        const unit = satUnit(ata, wrote);
        return { ...ata, ata, execute: (command) => satCommand(ata, unit, command) };
      });
      return { ...put(model.misbehaviours, make), ata: device().ata };
    },
    scsi(asked) {
      const model = describeScsi(asked);
      const { device, make } = remembering((doors, wrote) => makeScsiDisk(model, doors, wrote));
      return { ...put(model.misbehaviours, make), scsi: device() };
    },
    attach: (...asked) => asked.flatMap((drive) => coldArguments(target.port, drive)),
    bays: plugs.bays,
    async plug(laptop, drive) {
      drives.get(drive.id)?.served.come();
      await plugs.plug(laptop, drive);
    },
    unplug: leave,
    followSuspends: (laptop) => followSuspends(laptop, () => [...drives.values()].map(({ drive }) => drive)),
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}

/** A maker whose device can be had afterwards, in its own type. */
function remembering<T>(make: (...args: Parameters<MakeDevice>) => T & ReturnType<MakeDevice>) {
  let made: T | null = null;
  return {
    make: (...args: Parameters<MakeDevice>) => {
      const device = make(...args);
      made = device;
      return device;
    },
    device: (): T => made!,
  };
}
