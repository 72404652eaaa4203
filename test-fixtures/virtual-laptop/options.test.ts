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
    ['--cores', '0'],
    ['--battery', 'health=500'],
    ['--battery', 'health=0'],
    ['--battery', 'charge=101'],
    ['--ram', '0'],
    ['--ram', 'lots'],
    ['--ram', '1'],
    ['--drive', 'nvme=0'],
    ['--drive', 'nvme=big'],
    ['--fault', 'drive=0,sector=131072'],
    ['--rtc', '2009-02-30'],
    ['--rtc', 'yesterday'],
    ['--cpu', 'pentium3 -S'],
    ['--unknown', 'x'],
  ])('refuses %s %s', (option, value) => {
    expect(() => parseOptions([option, value])).toThrow(expect.objectContaining({ code: 'bad-description' }));
  });

  it('takes who the laptop speaks to, as far as that goes with how it boots', () => {
    const pin = `sha256/${'A'.repeat(43)}=`;
    expect(parseOptions(['--server', 'https://127.0.0.1:8080', '--pin', pin]).server).toEqual({
      ...{ url: 'https://127.0.0.1:8080', pin },
    });
    expect(parseOptions(['--config', 'x.json']).config).toBe('x.json');
    const net = ['--boot', 'netboot', '--netboot', 'http://127.0.0.1:8081'];
    expect(parseOptions(net).netboot).toBe('http://127.0.0.1:8081');
    for (const wrong of [
      ['--server', 'https://127.0.0.1:8080'],
      ['--server', 'https://127.0.0.1:8080', '--pin', 'sha256/short'],
      ['--server', 'https://127.0.0.1:8080', '--pin', pin, '--config', 'x.json'],
      ['--config', 'x.json', '--boot', 'iso'],
      ['--boot', 'netboot'],
      ['--netboot', 'http://127.0.0.1:8081'],
      ['--boot', 'netboot', '--netboot', 'http://192.0.2.1:8081'],
    ])
      expect(() => parseOptions(wrong)).toThrow(expect.objectContaining({ code: 'bad-description' }));
  });

  it('boots from what was asked for', () => {
    const image = { stick: 's', iso: 'i' };
    expect(bootFrom(parseOptions([]), image, null)).toEqual({ stick: 's' });
    expect(bootFrom(parseOptions(['--boot', 'iso']), image, null)).toEqual({ iso: 'i' });
    const netboot = { folder: '/net', file: 'shimx64.efi' };
    expect(bootFrom(parseOptions([]), image, netboot)).toEqual({ netboot });
  });

  it('understands sizes', () => {
    expect([bytes('64M'), bytes('10s'), bytes(5), bytes('2G')]).toEqual([64 * 2 ** 20, 5120, 5, 2 ** 31]);
    expect(() => bytes('lots')).toThrow('lots');
  });
});
