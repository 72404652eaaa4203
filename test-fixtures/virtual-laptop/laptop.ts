// A laptop on the bench: what a technician does with one, in a test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { qemuArguments } from './arguments.ts';
import { bays, type Bay } from './bays.ts';
import { batteryTable } from './battery.ts';
import { LaptopError, type LaptopDescription } from './describe.ts';
import { dmiArguments } from './dmi.ts';
import type { DriveFile } from './drive.ts';
import { ensureVirtualLaptop } from './ensure.ts';
import { firmwareArguments } from './firmware.ts';
import { type Keyboard, keyboard } from './keyboard.ts';
import { fontsFor } from './fonts.ts';
import { type Qemu, startQemu } from './qemu.ts';
import type { Qmp } from './qmp.ts';
import { frame, type Screen, screen } from './screen.ts';
import { type Serial, serialPort, tail } from './serial.ts';
import type { Stick } from './stick.ts';

export type Pluggable = {
  /** Out, while it runs or while it is off. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
};

export type Laptop = AsyncDisposable & {
  screen: Screen;
  keyboard: Keyboard;
  serial: Serial;
  network: Pluggable;
  drives: readonly (DriveFile & Pluggable)[];
  /** The stick it boots from; null when it boots from something else. */
  stick: (Stick & Pluggable) | null;
  running(): boolean;
  /** Puts it on again after a cut or a shutdown, with the same drives; the clock in hardware begins at `rtc` again. */
  powerOn(): Promise<void>;
  /** Power is gone, at once. Caches that forget, forget. */
  pullPower(): Promise<void>;
  /** The button, pressed shortly: the guest is asked to shut down. */
  pressPower(): Promise<void>;
  /** Waits until it is off by its own will. */
  waitOff(options?: { timeout?: number }): Promise<void>;
  /** Waits for it to begin anew. */
  waitRestart(options?: { timeout?: number }): Promise<void>;
  qmp(): Qmp;
  pid(): number;
};

/** Describes a laptop, makes its drives and puts it on. `await using` ends it, and leaves its files in the folder. */
export async function startLaptop(description: LaptopDescription): Promise<Laptop> {
  const laptop = makeLaptop(description);
  await laptop.powerOn();
  return laptop;
}

/** The same, still off: a test may put files on the stick first. */
export function makeLaptop(description: LaptopDescription): Laptop {
  ensureVirtualLaptop();
  const { folder, battery, dmi, font, firmware = 'bios' } = description;
  mkdirSync(folder, { recursive: true });
  let qemu: Qemu | null = null;
  let cable = description.network !== 'off';

  const live = (): Qemu => {
    if (qemu?.running()) return qemu;
    throw new LaptopError('not-running', 'The laptop is off.');
  };
  const qmp = (): Qmp => live().qmp;
  const bay = bays(description, qmp, () => qemu?.running() ?? false);
  const serial = serialPort(join(folder, 'serial.log'), () => glance());
  const fonts = fontsFor(firmware, font, bay.stick);
  const eyes = screen(qmp, folder, fonts, () => `serial:\n${tail(serial.text(), 15)}`);
  const glance = (): Promise<string> => eyes.text().then(frame, () => '(off)');

  const powerOn = async (): Promise<void> => {
    if (qemu?.running()) return;
    const args = qemuArguments({
      laptop: description,
      firmware: firmwareArguments(firmware, folder),
      dmi: dmi ? dmiArguments(dmi, folder) : [],
      batteryTable: battery ? written(join(folder, 'battery.aml'), batteryTable(battery)) : null,
      slots: bay.slots(),
    });
    qemu = await startQemu(args, folder, bay.sockets(), bay.serve);
    const { serial: wire, ended } = qemu;
    serial.connect(wire);
    void ended.then(() => serial.disconnected());
    if (!cable && description.network !== 'none') await setLink(qemu.qmp, false);
    await qemu.qmp.execute('cont');
  };

  return {
    ...{ screen: eyes, keyboard: keyboard(qmp), serial, drives: bay.drives, stick: bay.stick, qmp, powerOn },
    pid: () => live().pid,
    running: () => qemu?.running() ?? false,
    network: cableOf(async (up) => {
      cable = up;
      if (qemu?.running()) await setLink(qemu.qmp, up);
    }),
    async pullPower() {
      await qemu?.kill();
      bay.powerLost();
    },
    pressPower: async () => void (await qmp().execute('system_powerdown')),
    waitOff: (options) => off(live(), bay, glance, options?.timeout ?? 120_000),
    waitRestart: async (options) =>
      void (await qmp().event('RESET', (data) => data['guest'] === true, options?.timeout ?? 120_000)),
    async [Symbol.asyncDispose]() {
      await qemu?.kill();
      bay.close();
    },
  };
}

function cableOf(set: (up: boolean) => Promise<void>): Pluggable {
  return { plug: () => set(true), unplug: () => set(false) };
}

async function setLink(qmp: Qmp, up: boolean): Promise<void> {
  await qmp.execute('set_link', { name: 'nic', up });
}

async function off(qemu: Qemu, bay: Bay, glance: () => Promise<string>, timeout: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((done) => void (timer = setTimeout(() => done('late'), timeout)));
  const outcome = await Promise.race([qemu.ended, late]);
  clearTimeout(timer);
  if (outcome === 'late')
    throw new LaptopError('not-seen', `The laptop is still on after ${timeout} ms.\n${await glance()}`);
  bay.close();
}

function written(path: string, bytes: Buffer): string {
  writeFileSync(path, bytes);
  return path;
}
