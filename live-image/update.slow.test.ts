// A stick that renews itself, booted for real at each of its states.
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchDay, openBenchDay, technicianAt } from '../test-fixtures/bench-day.ts';
import { builtImage } from '../test-fixtures/built-image.ts';
import { makeNewerImage, type NewerImage } from '../test-fixtures/newer-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';
import type { Stick } from '../test-fixtures/virtual-laptop/stick.ts';

const MINUTES = 60_000;

describe('a stick whose workshop has a newer image', () => {
  let image: LiveImage;
  let newer: NewerImage;
  let folder: Scratch;
  let day: BenchDay;
  beforeAll(async () => {
    image = await builtImage();
    folder = scratch('update');
    newer = makeNewerImage(image, `${folder.path}/newer`);
    day = await openBenchDay(folder.path, { ...image, folder: newer.folder });
    return async () => {
      await day[Symbol.asyncDispose]();
      folder.remove();
    };
  }, 20 * MINUTES);

  it('starts from the other slot after a bad image and after a power cut, then runs the new one, and never an older', async () => {
    const stick = await day.stick('renewed');
    const own = serialOf(stick, 'a');
    putBadImage(stick, own + 1);
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/renewed`, firmware: 'bios', boot: { stick }, font: image.font },
      drives: [],
    });
    const technician = technicianAt(laptop);
    const session = async (): Promise<void> => {
      await technician.meet();
      await technician.signIn(await day.server.benchCode());
      await technician.confirm({});
      await technician.result();
    };

    // The newer slot holds a kernel that is none: GRUB tried it, and takes the other one from then on.
    await laptop.screen.waitFor(/invalid magic number|not.*kernel|error:/i, { timeout: MINUTES });
    await laptop.pullPower();
    expect(laptop.serial.text()).not.toMatch(/Linux version|rebond live/);
    laptop.serial.mark();
    await laptop.powerOn();
    await session();
    expect(day.records().at(-1)?.image?.serial).toBe(own);
    expect(laptop.serial.text()).toMatch(NOT_STARTED);

    // Power goes in the middle of the update.
    await laptop.serial.waitFor(/M : mettre la clé à jour \(9\.9\.9\)/, { timeout: MINUTES });
    laptop.serial.mark();
    await laptop.keyboard.type('m\n', 'fr');
    await laptop.screen.waitFor(/Mise à jour de la clé · .*\n\s*[2-8]\d %/, { timeout: 5 * MINUTES });
    await laptop.pullPower();
    expect(stick.files.exists('live-b/ready.cfg')).toBe(false);
    laptop.serial.mark();
    await laptop.powerOn();
    await session();
    expect(day.records().at(-1)?.image?.serial).toBe(own);

    // Undisturbed, it is ready for the next start.
    await laptop.serial.waitFor(/M : mettre la clé à jour/, { timeout: MINUTES });
    laptop.serial.mark();
    await laptop.keyboard.type('m\n', 'fr');
    await laptop.serial.waitFor(/La clé est à jour/, { timeout: 8 * MINUTES });
    await technician.powerOff();
    expect(serialOf(stick, 'b')).toBe(newer.manifest.serial);

    // Its first start is cut: the image before it runs and says so, and the new one is tried again.
    laptop.serial.mark();
    await laptop.powerOn();
    await laptop.serial.waitFor(/Rebond is starting/, { timeout: 2 * MINUTES });
    await laptop.pullPower();
    laptop.serial.mark();
    await laptop.powerOn();
    await technician.meet();
    await laptop.serial.waitFor(NOT_STARTED, { timeout: MINUTES });
    await laptop.serial.waitFor(/9\.9\.9.*essai 1\..*sera essayée de nouveau/, { timeout: MINUTES });
    await laptop.screen.picture(`${folder.path}/not-started.png`);
    await laptop.pullPower();
    expect(stick.files.text('boot/grub/grubenv')).toContain(`good_a=${own}`);
    laptop.serial.mark();
    await laptop.powerOn();
    await session();
    const squashfs = newer.manifest.files.find(({ name }) => name === 'filesystem.squashfs')!;
    expect(day.records().at(-1)?.image).toEqual({
      ...{ version: '9.9.9', serial: newer.manifest.serial, sha256: squashfs.sha256 },
    });

    // What the workshop offers is what runs: nothing to take.
    laptop.serial.mark();
    await laptop.keyboard.type('m\n', 'fr');
    await laptop.serial.waitFor(/n’offre pas d’image plus récente/, { timeout: MINUTES });
    await technician.powerOff();
    const memory = stick.files.text('boot/grub/grubenv');
    expect(memory).toContain(`good_b=${newer.manifest.serial}`);
    expect(memory).toContain(`good_a=${own}`);
  });
});

const NOT_STARTED = /n’est pas allée au bout de son démarrage/;

function serialOf(stick: Stick, slot: 'a' | 'b'): number {
  const [, serial] = /set serial_[ab]=(\d+)/.exec(stick.files.text(`live-${slot}/ready.cfg`)) ?? [];
  return Number(serial);
}

function putBadImage(stick: Stick, serial: number): void {
  stick.files.makeFolder('live-b');
  for (const name of ['vmlinuz', 'initrd.img', 'filesystem.squashfs'])
    stick.files.write(`live-b/${name}`, Buffer.alloc(65_536, name));
  stick.files.write('live-b/ready.cfg', `set serial_b=${serial} ; set image_b=${'0'.repeat(64)}\n`);
}
