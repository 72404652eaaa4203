// The image, booted for real: each way in, a whole session, and what is on the drives and at the server afterwards.
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchDay, openBenchDay, technicianAt } from '../test-fixtures/bench-day.ts';
import { builtImage } from '../test-fixtures/built-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import { DELL_LATITUDE, LENOVO_THINKPAD } from '../test-fixtures/virtual-laptop/dmi.ts';
import { drive } from '../test-fixtures/virtual-laptop/drive.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';
import { makeMarker } from '../test-fixtures/virtual-laptop/marker.ts';
import { tamperLoader, unsignLoader, waitRefused } from '../test-fixtures/virtual-laptop/refused.ts';

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
    folder = scratch('boot');
    day = await openBenchDay(folder.path, image);
    return async () => {
      await day[Symbol.asyncDispose]();
      folder.remove();
    };
  }, 20 * MINUTES);

  it('with Secure Boot enforced: both drives are wiped, the stick is not, and the record tells what the laptop is', async () => {
    const stick = await day.stick('secure');
    const keepsake = Buffer.alloc(256 * 1024, marker.bytes);
    stick.files.write('PHOTOS.BIN', keepsake);
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/secure`, firmware: 'uefi-secure', boot: { stick }, font: image.font },
      ...{ drives: twoDrives(), battery: { health: 82, cycles: 311 }, dmi: DELL_LATITUDE },
    });
    const technician = technicianAt(laptop);
    await technician.meet();
    await technician.signIn(await day.server.benchCode());
    await technician.confirm(ENDINGS);
    const told = await technician.result();
    expect(told).toMatch(/FAIT .*NVME00A1B2C3/);
    expect(told).toMatch(/FAIT .*SATA00D4E5F6/);
    // What a person reads on the panel, from its pixels.
    expect(await laptop.screen.text()).toMatch(/Fiche : reçue par l’atelier/);
    await laptop.serial.waitFor(/\[clé\] Vous pouvez retirer la clé\./, { timeout: 6 * MINUTES });
    await technician.powerOff();

    for (const each of laptop.drives) expect(each.findMarker(marker)).toBeNull();
    expect(stick.files.read('PHOTOS.BIN').equals(keepsake)).toBe(true);
    expect(told).not.toMatch(/TOUT CE DISQUE[^]*QEMU USB/);

    const record = day.records().at(-1)!;
    expect(record).toMatchObject({
      schema: 'rebond.record/4',
      bootMedium: { identity: { transport: 'usb', serial: 'REBONDSTICK' } },
      mode: 'real',
      image: { serial: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      agent: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const { inventory, sanitizations, refusals } = record;
    expect(sanitizations.map(({ plan, outcome }) => [plan.target.identity.serial, outcome])).toEqual(
      expect.arrayContaining([
        [NVME, 'done'],
        [SATA, 'done'],
      ]),
    );
    expect(refusals.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toContain('boot-medium');
    // The stick is no part of the laptop: nothing of it keeps the grade open.
    const stickAt =
      inventory.drives.outcome === 'read'
        ? inventory.drives.value.findIndex(({ path }) => path === record.bootMedium?.path)
        : -1;
    expect(stickAt).toBeGreaterThanOrEqual(0);
    expect(record.grade.reasons.find(({ rule }) => rule === 'data')?.letter).toBe('A');
    expect(record.grade.reasons.map(({ rule }) => rule)).not.toContain(`drive-${stickAt}`);
    expect(JSON.stringify(inventory.system)).toContain(DELL_LATITUDE.serial);
    expect(inventory.batteries).toMatchObject({ outcome: 'read', value: [{ cycles: 311 }] });
    expect(inventory.displays).toMatchObject({ outcome: 'read', value: [{}] });
    const drives = inventory.drives.outcome === 'read' ? inventory.drives.value : [];
    expect(drives.find(({ identity }) => identity.serial === NVME)?.health).toMatchObject({
      outcome: 'read',
    });
    expect(JSON.stringify(inventory)).toMatch(/Secure Boot: enabled; kernel lockdown: integrity/);
  });

  it('not with a loader that is not signed, where Secure Boot is enforced', async () => {
    for (const spoil of [unsignLoader, tamperLoader]) {
      const stick = await day.stick(`spoilt-${spoil.name}`);
      spoil(stick);
      await using laptop = await startLaptop({
        ...{
          folder: `${folder.path}/${spoil.name}`,
          firmware: 'uefi-secure',
          boot: { stick },
          network: 'none',
        },
      });
      await waitRefused(laptop);
      expect(laptop.serial.text()).not.toMatch(/Rebond|Linux version/);
    }
  });

  it('by 32-bit UEFI, in 1 GiB of memory, with a clock that says 2009', async () => {
    const stick = await day.stick('ia32');
    await using laptop = await startLaptop({
      ...{
        folder: `${folder.path}/ia32`,
        firmware: 'uefi-ia32',
        boot: { stick },
        ram: '1G',
        rtc: '2009-01-01',
      },
      ...{ drives: twoDrives(), dmi: LENOVO_THINKPAD },
    });
    const technician = technicianAt(laptop);
    await technician.meet();
    await technician.signIn(await day.server.benchCode());
    await technician.confirm(ENDINGS);
    const told = await technician.result();
    expect(told).toMatch(/Laissez la clé en place\. — trop peu de mémoire/);
    await technician.powerOff();
    for (const each of laptop.drives) expect(each.findMarker(marker)).toBeNull();
    const record = day.records().at(-1)!;
    // systemd carries a clock from 2009 to its own build date: wrong still, and said to be unverified.
    expect(record.inventory.takenAt.timeSource).toBe('rtc-unverified');
    expect(Date.now() - Date.parse(record.inventory.takenAt.wall)).toBeGreaterThan(24 * 3600 * 1000);
    expect(record.closedAt.timeSource).toBe('server');
    expect(Math.abs(Date.now() - Date.parse(record.closedAt.wall))).toBeLessThan(10 * MINUTES);
  });

  it('from a CD, and says what lacks there: nothing to keep records on', async () => {
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/cd`, firmware: 'uefi', boot: { iso: image.iso }, font: image.font },
      ...{ drives: [], network: 'off' },
    });
    await laptop.screen.waitFor(/REBOND \d/, { timeout: 4 * MINUTES });
    await laptop.screen.waitFor(/Ni serveur ni clé appairée/, { timeout: MINUTES });
    expect(await laptop.screen.text()).toMatch(/ Clé {6}/);
  });

  it('not on a 32-bit processor, and its menu says so in a sentence', async () => {
    const stick = await day.stick('pentium');
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/pentium`, cpu: 'pentium3', boot: { stick }, network: 'none', ram: '512M' },
    });
    await laptop.screen.waitFor(/32-bit processor/, { timeout: MINUTES });
    expect(await laptop.screen.text()).toMatch(/processeur 32 bits/);
    expect(laptop.serial.text()).not.toMatch(/Linux version/);
  });
});
