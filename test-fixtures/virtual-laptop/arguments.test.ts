import { describe, expect, it } from 'vitest';
import { qemuArguments } from './arguments.ts';
import type { LaptopDescription } from './describe.ts';
import { DELL_LATITUDE, enclosureOf, NO_NAME } from './dmi.ts';
import { driveSlot } from './slots.ts';

function words(laptop: Partial<LaptopDescription>): string {
  const described: LaptopDescription = { folder: '/none', boot: 'none', ...laptop };
  return qemuArguments({
    laptop: described,
    firmware: ['-machine', 'q35'],
    dmi: [],
    batteryTable: null,
    slots: [],
  }).join(' ');
}

describe('QEMU’s command line', () => {
  it('opens nothing that is not asked for', () => {
    const plain = words({});
    expect(plain).toContain('-nodefaults -no-user-config -S -display none -sandbox on');
    expect(plain).not.toMatch(/-vnc|hostfwd|-monitor|-rtc|unix:/);
    expect(words({ network: 'none' })).not.toContain('-netdev');
  });

  it('says clock, memory and panel', () => {
    expect(words({ rtc: '2009-01-01', ram: '1G', panel: { width: 1366, height: 768 } })).toMatch(
      /-m 1024M .*xres=1366,yres=768.*-rtc base=2009-01-01T08:00:00,clock=vm/,
    );
  });

  it('lets several cores take turns on one thread', () => {
    expect(words({ cores: 2 })).toContain('tcg,thread=single');
    expect(words({})).toContain('-smp 1');
  });

  it('boots by network from a folder, or from an address', () => {
    const file = 'http://10.0.2.2:8080/boot.ipxe';
    expect(words({ boot: { netboot: { folder: '/a,b', file } } })).toContain(`tftp=/a,,b,bootfile=${file}`);
  });
});

describe('drives', () => {
  const file = { file: '/d.img' };

  it('puts large blocks, serial and model where they belong', () => {
    const nvme = driveSlot({
      id: 'drive0',
      kind: 'nvme',
      index: 0,
      serial: 'S1',
      block: 4096,
      backing: file,
    });
    expect(nvme.coldArguments.join(' ')).toMatch(
      /"driver":"nvme","bus":"drive0-port".*"serial":"S1","logical_block_size":4096/,
    );
    const sata = driveSlot({ id: 'drive1', kind: 'sata', index: 1, model: 'X, Y', backing: file });
    expect(sata.coldArguments.join(' ')).toContain('"bus":"ide.1","rotation_rate":1,"model":"X, Y"');
    expect(sata.coldArguments[1]).toContain('"driver":"raw",,"file"');
  });

  it('makes a bad sector fail reads and writes', () => {
    const { coldArguments } = driveSlot({
      id: 'd',
      kind: 'usb',
      index: 0,
      backing: file,
      faults: [{ sector: 7 }],
    });
    expect(coldArguments[1]).toContain('"iotype":"read","errno":5,"sector":7');
    expect(coldArguments[1]).toContain('"iotype":"write","errno":5,"sector":7');
  });

  it('connects a forgetful one by its socket', () => {
    const { coldArguments } = driveSlot({ id: 'd', kind: 'usb', index: 0, backing: { socket: 1 } });
    expect(coldArguments[1]).toContain('"server":{"type":"fd","str":"6"}');
  });
});

describe('the enclosure', () => {
  it('is a notebook, with strings counted from one', () => {
    const bytes = enclosureOf(DELL_LATITUDE);
    expect([bytes[0], bytes[1], bytes[5]]).toEqual([3, 22, 10]);
    expect(bytes.subarray(22).toString('latin1').split('\0')).toEqual([
      ...['Dell Inc.', '7XK2RQ2', 'LOT-0042', '0816'],
      ...['', ''],
    ]);
    expect([bytes[4], bytes[7], bytes[8], bytes[21]]).toEqual([1, 2, 3, 4]);
    expect(enclosureOf(NO_NAME)[8]).toBe(0);
  });
});
