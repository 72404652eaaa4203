// What power cuts and a missing network leave behind, on the real image.
import { setTimeout as wait } from 'node:timers/promises';
import { openBytes, RECORD_TYPE, sha256Hex } from '@rebond/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchDay, openBenchDay, recordIn, technicianAt } from '../test-fixtures/bench-day.ts';
import { builtImage } from '../test-fixtures/built-image.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import { drive } from '../test-fixtures/virtual-laptop/drive.ts';
import type { LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';

const MINUTES = 60_000;
const NVME = 'NVME00A1B2C3';

describe('on the live image', () => {
  let image: LiveImage;
  let folder: Scratch;
  let day: BenchDay;
  beforeAll(async () => {
    image = await builtImage();
    folder = scratch('cuts');
    day = await openBenchDay(folder.path, image);
    return async () => {
      await day[Symbol.asyncDispose]();
      folder.remove();
    };
  }, 20 * MINUTES);

  it('power pulled during a wipe: the next boot says so, and nothing claims that wipe', async () => {
    const stick = await day.stick('pulled');
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/pulled`, firmware: 'bios', boot: { stick }, font: image.font },
      drives: [drive.nvme({ size: '768M', serial: NVME })],
    });
    const technician = technicianAt(laptop);
    await technician.meet();
    await technician.signIn(await day.server.benchCode());
    await technician.confirm({ [NVME]: 'b2c3' });
    await laptop.serial.waitFor(/\b\d+ %/, { timeout: 2 * MINUTES });
    await wait(Math.random() * 8000);
    expect(laptop.serial.text()).not.toMatch(/═══ RÉSULTAT/);
    await laptop.pullPower();
    expect(day.records()).toEqual([]);

    await laptop.powerOn();
    await technician.meet();
    await technician.signIn(await day.server.benchCode());
    await laptop.serial.waitFor(
      /a été coupée pendant l’effacement de .*NVME00A1B2C3.* rien n’en est compté/,
      {
        timeout: 2 * MINUTES,
      },
    );
    await technician.confirm({});
    await technician.result();
    await technician.powerOff();

    expect(day.records()).toHaveLength(2);
    const account = day.records().find(({ accountOf }) => accountOf !== null);
    const session = day.records().find(({ accountOf }) => accountOf === null);
    expect(account?.accountOf).toMatch(/^[0-9a-f-]{36}$/);
    expect(account?.sanitizations.map(({ outcome }) => outcome)).toEqual(['unknown']);
    expect(session?.sanitizations).toEqual([]);
    expect(day.certificates().filter(({ outcome }) => outcome === 'done')).toEqual([]);
  });

  it('without a network the record is on the stick for any computer to read, and the next boot sends it', async () => {
    const stick = await day.stick('offline');
    await using laptop = await startLaptop({
      ...{ folder: `${folder.path}/offline`, firmware: 'bios', boot: { stick }, font: image.font },
      drives: [drive.sata({ size: '24M', serial: 'SATA00D4E5F6' })],
    });
    const technician = technicianAt(laptop);
    await technician.meet();
    // Paired while the server is there; then the cable is out for the whole session.
    await laptop.serial.waitFor(/Cette clé est appairée/, { timeout: 2 * MINUTES });
    await laptop.network.unplug();
    await technician.signInByStick();
    await technician.confirm({ SATA00D4E5F6: 'e5f6' });
    const told = await technician.result();
    expect(told).toMatch(/Fiche : gardée sur la clé, PAS ENCORE REÇUE/);
    expect(told).toMatch(/Laissez la clé en place/);
    const before = day.records().length;
    await laptop.pullPower();

    const names = stick.files.list('rebond/spool').filter((name) => name.endsWith('.json'));
    expect(names).toHaveLength(1);
    const bytes = stick.files.read(`rebond/spool/${names[0]}`);
    expect(`${await sha256Hex(new Uint8Array(bytes))}.json`).toBe(names[0]);
    expect(openBytes(new Uint8Array(bytes)).type).toBe(RECORD_TYPE);
    expect(recordIn(new Uint8Array(bytes)).sanitizations[0]?.outcome).toBe('done');

    await laptop.network.plug();
    await laptop.powerOn();
    await technician.meet();
    await laptop.serial.waitFor(/Une fiche qui attendait est reçue par l’atelier/, { timeout: 3 * MINUTES });
    expect(day.records()).toHaveLength(before + 1);
    expect(day.records().at(-1)).toEqual(recordIn(new Uint8Array(bytes)));
    await laptop.pullPower();
    expect(stick.files.list('rebond/spool').filter((name) => name.endsWith('.json'))).toEqual([]);
  });
});
