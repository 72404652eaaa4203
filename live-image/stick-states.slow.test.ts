// Sticks that are not as they should be, booted for real: write-protected, full, twice there, plugged in late.
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchDay, openBenchDay, technicianAt } from '../test-fixtures/bench-day.ts';
import { builtImage } from '../test-fixtures/built-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import { drive } from '../test-fixtures/virtual-laptop/drive.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';
import { makeMarker } from '../test-fixtures/virtual-laptop/marker.ts';
import type { Stick } from '../test-fixtures/virtual-laptop/stick.ts';

const MINUTES = 60_000;
const marker = makeMarker();
const oneDrive = () => [drive.sata({ size: '16M', serial: 'SATA00D4E5F6', fill: marker })];
const NO_WRITE = /LA CLÉ N’ACCEPTE PAS D’ÉCRITURE/;

describe('a stick', () => {
  let image: LiveImage;
  let folder: Scratch;
  let day: BenchDay;
  beforeAll(async () => {
    image = await builtImage();
    folder = scratch('stick-states');
    day = await openBenchDay(folder.path, image);
    return async () => {
      await day[Symbol.asyncDispose]();
      folder.remove();
    };
  }, 20 * MINUTES);

  it.each(['write-protected', 'full'] as const)(
    'that is %s still gives its settings; the server keeps the journal, and the drive is wiped',
    async (state) => {
      const stick = await day.stick(state);
      if (state === 'full') fill(stick);
      await using laptop = await startLaptop({
        ...{ folder: `${folder.path}/${state}`, drives: oneDrive(), font: image.font },
        boot: { stick, writeProtected: state === 'write-protected' },
      });
      const technician = technicianAt(laptop);
      await technician.meet();
      await laptop.serial.waitFor(NO_WRITE, { timeout: 2 * MINUTES });
      await laptop.screen.waitFor(new RegExp(`Banc ${state}`), { timeout: MINUTES });
      await laptop.screen.picture(`${folder.path}/${state}.png`);
      await technician.signIn(await day.server.benchCode(`Banc ${state}`));
      await technician.confirm({ SATA00D4E5F6: 'e5f6' });
      const told = await technician.result();
      expect(told).toMatch(/FAIT .*SATA00D4E5F6/);
      expect(told).toMatch(/elle n’est pas appairée, et son code n’est pas utilisé/);
      await technician.powerOff();
      for (const each of laptop.drives) expect(each.findMarker(marker)).toBeNull();
      expect(stick.files.text('rebond/config.json')).toContain('enrolment');
      expect(stick.files.exists('rebond/stick.json')).toBe(false);
    },
  );

  it('that is write-protected, without a server: nothing is begun', async () => {
    const stick = await day.stick('alone', (config) => ({ ...config, servers: [] }));
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/alone`, drives: oneDrive(), font: image.font, network: 'off' },
      boot: { stick, writeProtected: true },
    });
    await technicianAt(laptop).meet();
    await laptop.serial.waitFor(NO_WRITE, { timeout: 2 * MINUTES });
    await laptop.serial.waitFor(/Ni serveur ni clé appairée/, { timeout: MINUTES });
    await laptop.keyboard.press('ret');
    await laptop.serial.waitFor(/Rien n’a été touché, et aucun disque ne le sera/, { timeout: MINUTES });
    await laptop.pullPower();
    expect(laptop.drives[0]!.findMarker(marker)).toBe(0);
  });

  it('that is there twice is not guessed at: the start waits until one is left', async () => {
    const stick = await day.stick('twin');
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/twin`, boot: { stick }, font: image.font },
      drives: [drive.usb({ size: '796M', serial: 'TWIN', from: image.stick })],
    });
    await laptop.serial.waitFor(/Deux clés Rebond semblables sont branchées/, { timeout: 3 * MINUTES });
    expect(laptop.serial.text()).not.toMatch(/rebond live/);
    await laptop.drives[0]!.unplug();
    await technicianAt(laptop).meet();
    await laptop.screen.waitFor(/Banc twin/, { timeout: 2 * MINUTES });
    // Plugged in again beside the running system, it is told of and never offered.
    await laptop.drives[0]!.plug();
    await laptop.serial.waitFor(/Deux clés Rebond semblables sont branchées : les réglages/, {
      timeout: 2 * MINUTES,
    });
  });

  it('plugged in late beside a network boot: the agent starts again with its settings', async () => {
    const stick = await day.stick('tardif');
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/late`, boot: { netboot: await day.netboot('bios') }, font: image.font },
      drives: [drive.usb({ size: '796M', serial: 'LATE', from: stick.path })],
    });
    await laptop.drives[0]!.unplug();
    const technician = technicianAt(laptop);
    await technician.meet();
    await laptop.serial.waitFor(/Tapez le code/, { timeout: 2 * MINUTES });
    laptop.serial.mark();
    await laptop.drives[0]!.plug();
    await laptop.serial.waitFor(/Les réglages de la clé sont là : je repars avec eux/, { timeout: MINUTES });
    await technician.meet();
    await laptop.screen.waitFor(/Banc tardif/, { timeout: 2 * MINUTES });
    expect(laptop.serial.text().match(/rebond live \S+ up/g)).toHaveLength(2);
  });
});

/** Leaves no cluster free. */
function fill(stick: Stick): void {
  stick.files.makeFolder('photos');
  for (const size of [64 * 2 ** 20, 8 * 2 ** 20, 2 ** 20, 64 * 1024, 4096]) {
    for (let number = 0; ; number += 1) {
      try {
        stick.files.write(`photos/${size}-${number}.bin`, Buffer.alloc(size, 1));
      } catch {
        break; // no room for one more of this size
      }
    }
  }
}
