// NVMe drives of the lab, for a small guest or a laptop in QEMU: `lab.nvme({…})` makes one, the guest connects to it.
import { setTimeout as wait } from 'node:timers/promises';
import { labClock } from './clock.ts';
import type { Medium } from './medium.ts';
import { misbehaviourOf } from './misbehaviour.ts';
import type { Logged } from './nvme/command-log.ts';
import { describeNvme, NvmeLabError, type NvmeDescription, type NvmeModel } from './nvme/describe.ts';
import { ADDRESSABLE, SPARE, unallocatedOf } from './nvme/state.ts';
import { makeSubsystem, type Presence, type Subsystem } from './nvme/subsystem.ts';
import { listenNvmeTcp } from './nvme/target.ts';
import type { OwnerLeft, Store } from './store.ts';

export type NvmeLab = AsyncDisposable & {
  port: number;
  nvme(description?: NvmeDescription): LabNvme;
  drives: ReadonlySet<LabNvme>;
};

export type LabNvme = {
  nqn: string;
  /** As it was described, with what was left out. */
  model: NvmeModel;
  /** What a guest's shell runs; the block device comes a moment later. */
  connect: string;
  disconnect: string;
  /** The medium itself, as it is by now. */
  store: Store;
  /** What reads of it give, by sectors of 512 bytes from its beginning, whatever namespaces there are. */
  medium: Medium;
  /** How much of the owner's data is where. Namespaces are those of now. */
  left(): {
    total: OwnerLeft;
    addressable: OwnerLeft;
    unallocated: number;
    overProvisioned: OwnerLeft;
    namespaces: Record<number, OwnerLeft>;
  };
  /** Every command that reached it, decoded; Fabrics' own are not in it. */
  log: readonly Logged[];
  /** From 0 to 1; null when it erases nothing. */
  progress(): number | null;
  presence(): Presence;
  powerOff(): Promise<void>;
  powerOn(): void;
  /** Off for a while, and on again: hosts lose their link, a sanitize goes on afterwards. */
  powerCycle(milliseconds?: number): Promise<void>;
  remove(): Promise<void>;
  insert(): void;
  /** Drops the link of its hosts, nothing else. */
  drop(): void;
  /** Out of the lab for good, with its medium. */
  discard(): Promise<void>;
};

/** Where a guest of QEMU's user network finds the host's loopback. */
const HOST = '10.0.2.2';
const NQN = 'nqn.2014-08.org.nvmexpress:uuid:';
const HOST_ID = '5ca1ab1e-0000-4000-8000-000000000001';

/** @param options.speed how many times faster than the world its drives live; durations are the drives' own */
export async function openNvmeLab(options: { speed?: number } = {}): Promise<NvmeLab> {
  const clock = labClock(options.speed ?? 60);
  const drives = new Map<string, { subsystem: Subsystem; disk: LabNvme }>();
  const target = await listenNvmeTcp((nqn) => drives.get(nqn)?.subsystem);
  let last: NvmeModel | null = null;

  const nvme = (description: NvmeDescription = {}): LabNvme => {
    const model = describeNvme(withTwin(description, last));
    last = model;
    const nqn = `${NQN}${crypto.randomUUID()}`;
    const subsystem = makeSubsystem(nqn, model, clock);
    const disk = diskOf(subsystem, model, target.port, () => void drives.delete(nqn));
    drives.set(nqn, { subsystem, disk });
    return disk;
  };

  return {
    port: target.port,
    nvme,
    get drives() {
      return new Set([...drives.values()].map(({ disk }) => disk));
    },
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}

/** The twin has the serial of the drive that was made before it. */
function withTwin(description: NvmeDescription, last: NvmeModel | null): NvmeDescription {
  if (!misbehaviourOf(description.misbehaviours ?? [], 'two-drives-with-one-serial')) return description;
  if (!last) throw new NvmeLabError('bad-description', 'a twin needs a drive that was made before it');
  return { ...description, serial: last.serial };
}

function diskOf(subsystem: Subsystem, model: NvmeModel, port: number, forget: () => void): LabNvme {
  const { nqn, drive, log, presence, powerOff, powerOn, remove, insert, disconnect } = subsystem;
  const { medium } = drive.state;
  const { store } = medium;
  const address = `--transport=tcp --traddr=${HOST} --trsvcid=${port} --nqn=${nqn}`;
  const host = `--hostnqn=${NQN}${HOST_ID} --hostid=${HOST_ID}`;
  const patience = '--nr-io-queues=1 --reconnect-delay=1 --ctrl-loss-tmo=600';
  return {
    ...{ nqn, model, medium, presence, powerOff, powerOn, remove, insert },
    connect: `nvme connect ${address} ${host} ${patience}`,
    disconnect: `nvme disconnect --nqn=${nqn}`,
    get store() {
      drive.settle();
      return store;
    },
    left() {
      drive.settle();
      const { namespaces } = drive.state;
      return {
        total: store.ownerLeft(),
        addressable: store.ownerLeft(ADDRESSABLE),
        overProvisioned: store.ownerLeft(SPARE),
        unallocated: unallocatedOf(drive.state).reduce((sum, each) => sum + store.ownerLeft(each).bytes, 0),
        namespaces: Object.fromEntries(
          Array.from(namespaces.values(), ({ id, range }) => [id, store.ownerLeft(range)]),
        ),
      };
    },
    get log() {
      return log.entries();
    },
    progress: () => drive.state.erasing?.erase.progress() ?? null,
    async powerCycle(milliseconds = 500) {
      await powerOff();
      await wait(milliseconds);
      powerOn();
    },
    drop: disconnect,
    async discard() {
      await remove();
      forget();
    },
  };
}
