// What somebody can do who walks by: nothing without a lead's code, and what the menu offers to everybody.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type BenchDay, openBenchDay, technicianAt } from '../test-fixtures/bench-day.ts';
import { builtImage } from '../test-fixtures/built-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { type Laptop, startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';

const MINUTES = 60_000;

describe('at a laptop that runs the live image', () => {
  let image: LiveImage;
  let folder: Scratch;
  let day: BenchDay;
  beforeAll(async () => {
    image = await builtImage();
    folder = scratch('walk-by');
    day = await openBenchDay(folder.path, image);
    return async () => {
      await day[Symbol.asyncDispose]();
      folder.remove();
    };
  }, 20 * MINUTES);

  it('no key gives a shell; a lead’s code gives one, once, and the next record says so; the menu tests the memory', async () => {
    const stick = await day.stick('walk-by');
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/laptop`, firmware: 'bios', boot: { stick }, font: image.font },
      drives: [],
    });
    const technician = technicianAt(laptop);
    const { serial, keyboard, screen } = laptop;
    const line = (text: string): Promise<void> => keyboard.type(`${text}\n`, 'fr');
    await technician.meet();
    await technician.signIn(await day.server.benchCode());
    await technician.confirm({});
    await technician.result();

    // Other consoles, the three keys, the kernel's own keys: a screen without a prompt, and a machine that stays on.
    for (const keys of ['alt-f2', 'ctrl-c', 'ctrl-z', 'ctrl-alt-delete', 'alt-sysrq-b'])
      await keyboard.press(keys);
    expect(await screen.text()).not.toMatch(/login|password|mot de passe|# ?$|\$ ?$/im);
    await keyboard.press('alt-f1');
    await screen.waitFor(/Entrée : nouvelle session/, { timeout: MINUTES });
    await keyboard.press('ctrl-u');

    serial.mark();
    await line('c');
    await line('BCDF-GHJK');
    await serial.waitFor(/Pas de console/, { timeout: MINUTES });
    const code = await day.server.shellCode();
    serial.mark();
    await line('c');
    await line(code);
    await serial.waitFor(/Une console a été ouverte sur cette machine/, { timeout: MINUTES });
    serial.mark();
    await line('echo ICI $(id -u) > /dev/ttyS0');
    await serial.waitFor(/ICI 0/, { timeout: MINUTES });
    await line('exit');
    await serial.waitFor(/La console est fermée/, { timeout: MINUTES });
    serial.mark();
    await line('c');
    await line(code);
    await serial.waitFor(/Pas de console/, { timeout: MINUTES });

    serial.mark();
    await keyboard.press('ret');
    await serial.waitFor(/Tapez le code/, { timeout: MINUTES });
    await line(await day.server.benchCode());
    await technician.confirm({});
    await technician.result();
    const remarks = day.records().map((record) => record.remarks.map((remark) => remark.code));
    expect(remarks).toEqual([[], ['shell-opened']]);
    await technician.powerOff();

    await laptop.powerOn();
    await screen.waitFor(/Test the memory/, { timeout: MINUTES });
    await keyboard.press('down', 2);
    await keyboard.press('ret');
    // It draws letters of its own, on a blue ground that nothing else here has.
    await vi.waitFor(async () => expect(await blueShare(laptop)).toBeGreaterThan(0.3), { timeout: MINUTES });
    await laptop.pullPower();
  });
});

/** Of the screen's pixels, those of the VGA colour 1. */
async function blueShare({ screen }: Laptop): Promise<number> {
  const { pixels: rgb } = await screen.pixels();
  let blue = 0;
  for (let at = 0; at < rgb.length; at += 3)
    if (rgb[at] === 0 && rgb[at + 1] === 0 && rgb[at + 2] === 0xaa) blue += 1;
  return blue / (rgb.length / 3);
}
