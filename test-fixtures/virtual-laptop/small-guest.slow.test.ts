// A small Linux of the live image's own parts sees the laptop that was described. Needs an image (`npm run live-image`).
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { DELL_LATITUDE } from './dmi.ts';
import { drive } from './drive.ts';
import { newestImage, systemOf } from './image.ts';
import { makeMarker } from './marker.ts';
import { ENDED, startSmallGuest, MODULES } from './small-guest.ts';

const builds = join(import.meta.dirname, '../../build/live-image');
const built = existsSync(builds) && globSync('*/manifest.json', { cwd: builds }).length > 0;

const LOOK = `
cat /sys/class/power_supply/BAT0/uevent
echo EDID=$(cat /sys/class/drm/*/edid | wc -c)
echo PRODUCT=$(cat /sys/class/dmi/id/product_name) TYPE=$(cat /sys/class/dmi/id/chassis_type) DATE=$(date +%Y)
for drive in /sys/block/*; do echo "DRIVE $(basename $drive) $(cat $drive/queue/logical_block_size)"; done
disk=/dev/$(basename $(dirname $(dirname $(grep -l ATA /sys/block/sd*/device/vendor))))
dd if=/dev/zero of=/dev/nvme0n1 bs=1M count=16 conv=fsync
dd if=$disk of=/dev/null bs=512 count=1 skip=1234 || echo FAULT
`;

describe.skipIf(!built)('a small guest', () => {
  it('sees battery, panel, firmware tables, clock, drives and a bad sector', async () => {
    using folder = scratch('small-guest');
    const marker = makeMarker();
    const { usb, nvme, sata, sd, battery, panel } = MODULES;
    await using guest = await startSmallGuest({
      folder: folder.path,
      tree: systemOf(newestImage(builds), join(folder.path, 'system')),
      modules: [...usb, ...nvme, ...sata, ...sd, ...battery, ...panel],
      ...{ battery: { health: 82, cycles: 311 }, dmi: DELL_LATITUDE, rtc: '2009-01-01' },
      drives: [
        drive.nvme({ size: '16M', fill: marker, block: 4096 }),
        drive.sata({ size: '16M', fill: marker, faults: [{ sector: 1234, on: 'read' }] }),
        drive.sd({ size: '16M' }),
      ],
      script: LOOK,
    });
    await guest.serial.waitFor(ENDED, { timeout: 60_000 });
    const seen = guest.serial.text();
    expect(seen).toContain('POWER_SUPPLY_CYCLE_COUNT=311');
    expect(seen).toContain('POWER_SUPPLY_ENERGY_FULL=49200000');
    expect(seen).toMatch(/EDID=(128|256)/);
    expect(seen).toContain('PRODUCT=Latitude 5490 TYPE=10 DATE=2009');
    expect(seen).toMatch(/DRIVE nvme0n1 4096/);
    expect(seen).toMatch(/DRIVE mmcblk0 512/);
    expect(seen).toContain('FAULT');
    await guest.waitOff();
    expect(guest.drives.map((each) => each.holds(marker))).toEqual([false, true, false]);
  }, 90_000);
});
