import { describe, expect, it } from 'vitest';
import { bytes } from './describe.ts';
import { bootFrom, parseOptions } from './options.ts';

describe('the command line', () => {
  it('has a laptop that many workshops see, when nothing is asked', () => {
    expect(parseOptions([])).toMatchObject({
      firmware: 'uefi-secure',
      boot: 'stick',
      drives: [{ kind: 'nvme' }, { kind: 'sata' }],
      battery: { health: 82 },
      ram: '2G',
      network: 'on',
    });
  });

  it('reads what is asked', () => {
    const words =
      '--firmware bios --boot iso --drive nvme,sata=2G,usb --drive sd --ram 1G --rtc 2009-01-01 --network off';
    const asked = parseOptions([...words.split(' '), '--battery', 'health=40,cycles=900,state=discharging']);
    expect(asked.drives.map(({ kind, size }) => `${kind} ${size}`)).toEqual([
      'nvme 64M',
      'sata 2G',
      'usb 64M',
      'sd 64M',
    ]);
    expect(asked).toMatchObject({
      firmware: 'bios',
      boot: 'iso',
      rtc: '2009-01-01',
      network: 'off',
      ram: '1G',
    });
    expect(asked.battery).toEqual({ health: 40, cycles: 900, state: 'discharging' });
  });

  it('puts faults into the drives that they name', () => {
    const asked = parseOptions(['--fault', 'drive=0,sector=123456', '--fault', 'drive=1,sector=7,on=read']);
    expect(asked.drives.map(({ faults }) => faults)).toEqual([
      [{ sector: 123_456, on: 'both' }],
      [{ sector: 7, on: 'read' }],
    ]);
  });

  it.each([
    ['--firmware', 'coreboot'],
    ['--drive', 'floppy'],
    ['--battery', 'health=good'],
    ['--battery', 'colour=1'],
    ['--fault', 'drive=5,sector=1'],
    ['--fault', 'sector'],
    ['--cores', 'two'],
    ['--unknown', 'x'],
  ])('refuses %s %s', (option, value) => {
    expect(() => parseOptions([option, value])).toThrow(expect.objectContaining({ code: 'bad-description' }));
  });

  it('boots by network with the loader that the firmware trusts', () => {
    const image = { stick: 's', iso: 'i', netboot: '/net' };
    const file = (firmware: string): unknown =>
      bootFrom(parseOptions(['--boot', 'netboot', '--firmware', firmware]), image);
    expect(file('bios')).toEqual({ netboot: { folder: '/net', file: 'undionly.kpxe' } });
    expect(file('uefi-secure')).toEqual({ netboot: { folder: '/net', file: 'shimx64.efi' } });
  });

  it('understands sizes', () => {
    expect([bytes('64M'), bytes('10s'), bytes(5), bytes('2G')]).toEqual([64 * 2 ** 20, 5120, 5, 2 ** 31]);
    expect(() => bytes('lots')).toThrow('lots');
  });
});
