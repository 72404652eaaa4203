// The harness itself, with a boot sector of its own as the only software: no image is needed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { drive } from './drive.ts';
import { startLaptop } from './laptop.ts';
import { makeMarker } from './marker.ts';

/** 16-bit code: each key typed is shown on the screen (INT 10h) and sent to the serial port (port 3F8h), for ever. */
const ECHO = [
  ...[0x31, 0xc0, 0xcd, 0x16], // xor ax, ax; int 16h: wait for a key
  ...[0xb4, 0x0e, 0x31, 0xdb, 0xcd, 0x10], // mov ah, 0Eh; xor bx, bx; int 10h: show it
  ...[0xba, 0xf8, 0x03, 0xee], // mov dx, 3F8h; out dx, al
  ...[0xeb, 0xf0], // jmp to the start
];

function bootSector(path: string): string {
  const sector = Buffer.alloc(2 ** 20);
  Buffer.from(ECHO).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  writeFileSync(path, sector);
  return path;
}

it('boots a stick, is typed on, is read, loses its power and starts again', async () => {
  using folder = scratch('laptop');
  const marker = makeMarker();
  await using laptop = await startLaptop({
    folder: folder.path,
    boot: { stick: bootSector(join(folder.path, 'echo.img')), volatile: 1 },
    drives: [drive.sata({ size: '1M', fill: marker }), drive.usb({ size: '1M' })],
    battery: { health: 82, cycles: 311 },
    ram: '64M',
    rtc: '2009-01-01',
    network: 'off',
  });
  await laptop.screen.waitFor(/Booting from Hard Disk/);
  await laptop.keyboard.type('zqsd-1 2', 'us');
  await laptop.serial.waitFor(/zqsd-1 2/);
  await laptop.screen.waitFor(/zqsd-1 2/);
  expect(laptop.drives.map((each) => each.holds(marker))).toEqual([true, false]);
  await laptop.drives[1]?.unplug();

  await laptop.pullPower();
  expect(laptop.running()).toBe(false);
  await expect(laptop.screen.text()).rejects.toMatchObject({ code: 'not-running' });
  await expect(laptop.serial.waitFor(/never/)).rejects.toMatchObject({ code: 'not-seen' });

  await laptop.powerOn();
  await laptop.screen.waitFor(/Booting from Hard Disk/);
  await laptop.keyboard.type('again');
  await laptop.serial.waitFor(/again/);
}, 40_000);

it('says in one error what QEMU refused', async () => {
  using folder = scratch('laptop');
  const refused = startLaptop({ folder: folder.path, boot: 'none', cpu: 'no-such-cpu' });
  await expect(refused).rejects.toMatchObject({
    code: 'qemu-refused',
    message: expect.stringContaining('no-such-cpu'),
  });
});
