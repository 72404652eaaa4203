// All that is plugged into one laptop, over its power cycles: the boot medium first, then the drives.
import type { Duplex } from 'node:stream';
import { LaptopError, type LaptopDescription } from './describe.ts';
import { type DriveDescription, type DriveFile, makeDriveFile } from './drive.ts';
import type { Pluggable } from './laptop.ts';
import { serveNbd } from './nbd.ts';
import type { Qmp } from './qmp.ts';
import { type Backing, discSlot, driveSlot, type Slot } from './slots.ts';
import { makeStick, type Stick } from './stick.ts';
import { openVolatile, type VolatileDrive } from './volatile.ts';

export type Bay = {
  slots(): Slot[];
  /** How many sockets QEMU must be given, and what answers on each. */
  sockets(): number;
  serve: (index: number, socket: Duplex) => void;
  drives: readonly (DriveFile & Pluggable)[];
  stick: (Stick & Pluggable) | null;
  powerLost(): void;
  /** Orderly: caches are written out. */
  close(): void;
};

type Forgetful = { path: string; seed: number; cuts: number; open: VolatileDrive | null };
type Place = { slot: Slot; plugged: boolean; forgetful: Forgetful | null };

export function bays(laptop: LaptopDescription, qmp: () => Qmp, running: () => boolean): Bay {
  const forgetful: Forgetful[] = [];
  const backing = (
    path: string,
    seed: number | undefined,
  ): { backing: Backing; memory: Forgetful | null } => {
    if (seed === undefined) return { backing: { file: path }, memory: null };
    const memory = { path, seed, cuts: 0, open: null };
    return { backing: { socket: forgetful.push(memory) - 1 }, memory };
  };
  const { medium, stick } = bootMedium(laptop, backing);
  const made = (laptop.drives ?? []).map((asked, index) => {
    const file = makeDriveFile(asked, index, laptop.folder);
    return { file, place: placeOf(asked, index, file, backing) };
  });
  const places = [...(medium ? [medium] : []), ...made.map(({ place }) => place)];
  const plugOf = (place: Place): Pluggable => pluggable(place, qmp, running);

  return {
    slots: () => places.filter(({ plugged }) => plugged).map(({ slot }) => slot),
    sockets: () => forgetful.length,
    serve(index, socket) {
      const memory = forgetful[index]!;
      memory.open?.close();
      memory.open = openVolatile(memory.path);
      serveNbd(socket, memory.open);
    },
    drives: made.map(({ file, place }) => ({ ...file, ...plugOf(place) })),
    stick: stick && medium ? { ...stick, ...plugOf(medium) } : null,
    powerLost: () => forgetful.forEach(forget),
    close() {
      for (const memory of forgetful) {
        memory.open?.close();
        memory.open = null;
      }
    },
  };
}

/** Each cut has its own seed, which the first one gives. */
function forget(memory: Forgetful): void {
  memory.open?.cut(memory.seed + memory.cuts);
  memory.open?.close();
  memory.open = null;
  memory.cuts += 1;
}

type MakeBacking = (path: string, seed: number | undefined) => { backing: Backing; memory: Forgetful | null };

function placeOf(asked: DriveDescription, index: number, file: DriveFile, make: MakeBacking): Place {
  const { backing, memory } = make(file.path, asked.volatile);
  const { kind, model, block, rotation, faults } = asked;
  const wanted = { kind, index, id: `drive${index}`, serial: file.serial, backing };
  const optional = {
    ...(model && { model }),
    ...(block && { block }),
    ...(rotation && { rotation }),
    ...(faults && { faults }),
  };
  return { slot: driveSlot({ ...wanted, ...optional }), plugged: true, forgetful: memory };
}

function bootMedium(
  { boot, folder, drives = [] }: LaptopDescription,
  make: MakeBacking,
): { medium: Place | null; stick: Stick | null } {
  const nothing = { medium: null, stick: null };
  if (boot === 'none' || 'kernel' in boot || 'netboot' in boot) return nothing;
  const place = (slot: Slot, forgetful: Forgetful | null): Place => ({ slot, plugged: true, forgetful });
  const usb = { kind: 'usb', id: 'stick', index: 0, serial: 'REBONDSTICK', boot: true } as const;
  if ('iso' in boot) {
    const asStick = { ...usb, backing: { file: boot.iso, readOnly: true } };
    const slot = boot.as === 'usb' ? driveSlot(asStick) : discSlot(boot.iso, Math.min(5, drives.length));
    return { medium: place(slot, null), stick: null };
  }
  const stick = typeof boot.stick === 'string' ? makeStick(boot.stick, folder) : boot.stick;
  if (boot.writeProtected) {
    const backing = { file: stick.path, readOnly: true };
    return { medium: place(driveSlot({ ...usb, backing }), null), stick };
  }
  const { backing, memory } = make(stick.path, boot.volatile);
  return { medium: place(driveSlot({ ...usb, backing }), memory), stick };
}

const GONE_WITHIN = 30_000;

function pluggable(place: Place, qmp: () => Qmp, running: () => boolean): Pluggable {
  const { slot } = place;
  const device = `${slot.id}-device`;
  const out: Record<Slot['removal'], () => Promise<unknown>> = {
    async device() {
      await qmp().execute('device_del', { id: device });
      await qmp().event('DEVICE_DELETED', (data) => data['device'] === device, GONE_WITHIN);
    },
    medium: () => qmp().execute('human-monitor-command', { 'command-line': `drive_del ${slot.id}` }),
    card: () => qmp().execute('eject', { id: device, force: true }),
  };
  return {
    async unplug() {
      if (running()) await out[slot.removal]();
      place.plugged = false;
      if (place.forgetful) forget(place.forgetful);
    },
    async plug() {
      place.plugged = true;
      if (!running()) return;
      if (slot.removal !== 'device' || place.forgetful)
        throw new LaptopError('bad-description', `${slot.id} can only be plugged in while the laptop is off`);
      await qmp().execute('device_add', slot.devices.at(-1));
    },
  };
}
