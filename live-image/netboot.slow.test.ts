// The image booted by network, from the bench server's own listener.
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchDay, openBenchDay, technicianAt } from '../test-fixtures/bench-day.ts';
import { builtImage } from '../test-fixtures/built-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import { DELL_LATITUDE } from '../test-fixtures/virtual-laptop/dmi.ts';
import { drive } from '../test-fixtures/virtual-laptop/drive.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';
import { makeMarker } from '../test-fixtures/virtual-laptop/marker.ts';

const MINUTES = 60_000;
const marker = makeMarker();
const NVME = 'NVME00A1B2C3';
const SATA = 'SATA00D4E5F6';
const ENDINGS = { [NVME]: 'b2c3', [SATA]: 'e5f6' };
const twoDrives = () => [
  drive.nvme({ size: '40M', serial: NVME, fill: marker }),
  drive.sata({ size: '32M', serial: SATA, fill: marker }),
];

describe('the live image boots', () => {
  let image: LiveImage;
  let folder: Scratch;
  let day: BenchDay;
  beforeAll(async () => {
    image = await builtImage();
    folder = scratch('netboot');
    day = await openBenchDay(folder.path, image);
    return async () => {
      await day[Symbol.asyncDispose]();
      folder.remove();
    };
  }, 20 * MINUTES);

  it.each([
    ['iPXE, where Secure Boot is off', 'bios'],
    ['Debian’s signed loaders, where Secure Boot is enforced', 'uefi-secure'],
  ] as const)('by network, with %s, and without any stick', async (_name, firmware) => {
    await using laptop = await startLaptop({
      ...{
        folder: `${folder.path}/net-${firmware}`,
        firmware,
        boot: { netboot: await day.netboot(firmware) },
      },
      ...{ drives: twoDrives(), dmi: DELL_LATITUDE, font: image.font },
    });
    const technician = technicianAt(laptop);
    await technician.meet();
    await technician.signIn(await day.server.benchCode());
    await technician.confirm(ENDINGS);
    const told = await technician.result();
    expect(told).toMatch(/\[clé\] Pas de clé — le serveur seul garde le journal/);
    await technician.powerOff();
    for (const each of laptop.drives) expect(each.findMarker(marker)).toBeNull();
    expect(
      day
        .records()
        .at(-1)!
        .sanitizations.map(({ outcome }) => outcome),
    ).toEqual(['done', 'done']);
  });
});
