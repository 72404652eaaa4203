// The bench of lab drives: describes them, serves them, plugs them into a virtual laptop, and cycles their power.
import type { Laptop } from '../virtual-laptop/laptop.ts';
import { makeAtaDrive, type AtaDrive } from './ata/drive.ts';
import { labClock } from './clock.ts';
import { type AtaDescription, describeAta } from './describe.ts';
import type { Accident } from './erase.ts';
import { openTarget } from './iscsi/target.ts';
import type { ScsiAnswer } from './scsi/command.ts';
import { satCommand, satUnit } from './scsi/sat.ts';
import { baysOf, coldArguments } from './plugging.ts';
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

export type Lab = AsyncDisposable & {
  port: number;
  ata(asked: AtaDescription): LabAta;
  /** QEMU's words for drives that are there at power-on. */
  attach(...drives: LabDrive[]): string[];
  /** QEMU's words for controllers into which drives can be plugged later, each into one of its own. */
  bays(count: number): string[];
  plug(laptop: Laptop, drive: LabDrive): Promise<void>;
  unplug(drive: LabDrive): Promise<void>;
};

const LOGGED = 20_000;
/** Of a virtio-scsi controller. */
const ADDRESSES = 250;

/** @param speed how many times faster than the world its drives erase: 20 minutes are 2 seconds at 600 */
export async function openLab({ speed = 600 }: { speed?: number } = {}): Promise<Lab> {
  const target = await openTarget();
  const clock = labClock(speed);
  let made = 0;

  const ata = (asked: AtaDescription): LabAta => {
    made += 1;
    const [id, name] = [`lab${made}`, `iqn.2026-01.lab.drive:${made}`];
    const model = describeAta(asked);
    const accident = (which: Accident): void => {
      if (which === 'power-lost') drive.powerCycle({ drop: true });
      else target.drop(name);
    };
    const device = makeAtaDrive(model, { clock, accident });
    const unit = satUnit(device, () => {});
    const log: Logged[] = [];
    const queue = serially();
    target.add(name, {
      sense: model.misbehaviours.some(({ kind }) => kind === 'exit-0-with-error-sense')
        ? 'fixed'
        : 'asked-for',
      reset: () => {},
      execute: (command) =>
        queue.run(async () => {
          const { answer, words } = satCommand(device, unit, command);
          const entry: Logged = { words, answer: null };
          log.push(entry);
          if (log.length > LOGGED) log.shift();
          const given = await answer;
          entry.answer = given.status;
          return given;
        }),
    });
    const drive: LabAta = {
      ...{ id, name, address: made % ADDRESSES, log, ata: device, store: device.medium.store },
      powerCycle({ drop = false } = {}) {
        device.powerCycle();
        queue.restart();
        if (drop) target.drop(name);
      },
    };
    return drive;
  };

  return {
    port: target.port,
    ata,
    attach: (...drives) => drives.flatMap((drive) => coldArguments(target.port, drive)),
    ...baysOf(target.port),
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
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
