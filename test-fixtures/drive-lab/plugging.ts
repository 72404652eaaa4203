// How lab drives are plugged into a virtual laptop: QEMU's words, at power-on and while it runs.
import { LaptopError } from '../virtual-laptop/describe.ts';
import type { Laptop } from '../virtual-laptop/laptop.ts';
import type { LabDrive } from './lab.ts';

type Plug = Pick<LabDrive, 'id' | 'name' | 'address'>;

/** A controller of its own for each: an error handler stops a whole controller. */
export function coldArguments(port: number, drive: Plug): string[] {
  const bus = `${drive.id}-bus`;
  return [
    ...['-blockdev', JSON.stringify(node(port, drive))],
    ...['-device', `virtio-scsi-pci,id=${bus}`],
    ...['-device', JSON.stringify(device(drive, bus))],
  ];
}

export type Bays = {
  bays: (count: number) => string[];
  plug(laptop: Laptop, drive: Plug): Promise<void>;
  unplug(drive: Plug): Promise<void>;
};

const LEAVES_WITHIN = 30_000;

export function baysOf(port: number): Bays {
  const free = new WeakMap<Laptop, Set<string>>();
  const plugged = new Map<string, { laptop: Laptop; bay: string; leaving?: Promise<void> }>();
  let count = 0;
  return {
    bays(asked) {
      count = asked;
      return names(asked).flatMap((bay) => ['-device', `virtio-scsi-pci,id=${bay}`]);
    },
    async plug(laptop, drive) {
      const left = free.get(laptop) ?? new Set(names(count));
      free.set(laptop, left);
      const [bay] = left;
      if (bay === undefined) throw new LaptopError('bad-description', 'all bays are taken');
      left.delete(bay);
      try {
        await laptop.qmp().execute('blockdev-add', node(port, drive));
        await laptop.qmp().execute('device_add', device(drive, bay));
      } catch (error) {
        left.add(bay);
        throw error;
      }
      plugged.set(drive.id, { laptop, bay });
    },
    async unplug(drive) {
      const where = plugged.get(drive.id);
      if (!where) return;
      where.leaving ??= leave(where.laptop, drive.id);
      await where.leaving;
      if (plugged.delete(drive.id)) free.get(where.laptop)?.add(where.bay);
    },
  };
}

async function leave(laptop: Laptop, drive: string): Promise<void> {
  const [qmp, id] = [laptop.qmp(), `${drive}-device`];
  await qmp.execute('device_del', { id });
  await qmp.event('DEVICE_DELETED', (data) => data['device'] === id, LEAVES_WITHIN);
  await qmp.execute('blockdev-del', { 'node-name': drive });
}

/** QEMU says SUSPEND when the guest is in S3. Ends with the laptop. */
export function followSuspends(laptop: Laptop, drives: () => readonly LabDrive[]): void {
  const follow = async (): Promise<void> => {
    while (laptop.running()) {
      const suspended = await laptop
        .qmp()
        .event('SUSPEND', () => true, LOOKS_EVERY)
        .then(
          () => true,
          () => false,
        );
      if (suspended) for (const drive of drives()) drive.powerCycle();
    }
  };
  follow().catch(() => {});
}

/** So long may it outlive the laptop. */
const LOOKS_EVERY = 2000;

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `lab-bay${index}`);
}

function node(port: number, { id, name }: Plug): Record<string, unknown> {
  const portal = { driver: 'iscsi', transport: 'tcp', portal: `127.0.0.1:${port}`, target: name, lun: 1 };
  return { ...portal, 'node-name': id };
}

function device({ id, address }: Plug, bus: string): Record<string, unknown> {
  return { driver: 'scsi-generic', id: `${id}-device`, bus: `${bus}.0`, drive: id, 'scsi-id': address };
}
