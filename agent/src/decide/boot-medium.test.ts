import type { Drive, DriveIdentity } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import { bootDrive, type BootMedium, bootMediumOf, bootMediumReasons, bootMediumRef } from './boot-medium.ts';
import { type Authority, refusals } from './eligibility.ts';

const STICK: DriveIdentity = { transport: 'usb', model: 'SanDisk Ultra', serial: '4C530001', wwid: null };
const BOOT: BootMedium = { kind: 'disk', path: '/dev/sda', diskseq: '9', identity: STICK };

function driveAt(path: string, identity: DriveIdentity, diskseq: string | null): Drive {
  return {
    ...{ path, identity, diskseq, medium: 'usb-flash', firmware: null, sizeBytes: 16e9 },
    ...{ logicalSectorBytes: 512, physicalSectorBytes: 512, rotational: false, removable: true },
    health: { outcome: 'absent', sources: [] },
  };
}
const refused = (drive: Drive, boot: BootMedium): boolean =>
  bootMediumReasons(drive, boot).some(({ code }) => code === 'boot-medium');

describe('the boot medium', () => {
  it.each<[string, Drive]>([
    ['where it was at the start', driveAt('/dev/sda', STICK, '9')],
    ['plugged in again under another name and number', driveAt('/dev/sdc', STICK, '14')],
    ['with a serial that cannot be read any more', driveAt('/dev/sdc', { ...STICK, serial: null }, '14')],
    [
      'with nothing left but its way of being attached',
      driveAt('/dev/sdc', { ...STICK, model: null, serial: null }, '14'),
    ],
    ['attached in a way that is not known', driveAt('/dev/sdc', { ...STICK, transport: 'unknown' }, '14')],
    ['on a kernel without numbers', driveAt('/dev/sda', { ...STICK, serial: 'OTHER' }, null)],
  ])('is refused %s', (_, drive) => {
    expect(refused(drive, BOOT)).toBe(true);
  });

  it.each<[string, Drive]>([
    ['another serial', driveAt('/dev/sdb', { ...STICK, serial: '4C530002' }, '10')],
    ['another model', driveAt('/dev/sdb', { ...STICK, model: 'KINGSTON', serial: null }, '10')],
    [
      'another bus',
      driveAt('/dev/nvme0n1', { transport: 'nvme', model: null, serial: null, wwid: null }, '10'),
    ],
    ['a number given before, and never given up', driveAt('/dev/sdb', { ...STICK, serial: null }, '2')],
    ['the name of the stick that left', driveAt('/dev/sda', { ...STICK, serial: '4C530002' }, '12')],
  ])('is not mistaken for a drive with %s', (_, drive) => {
    expect(refused(drive, BOOT)).toBe(false);
  });

  it('is told from a drive that may only be it', () => {
    const said = (drive: Drive, boot: BootMedium = BOOT): string =>
      bootMediumReasons(drive, boot)
        .map(({ en }) => (en.startsWith('This is the medium') ? 'it' : 'maybe'))
        .join();
    const other = { ...STICK, serial: 'OTHER' };
    // By its number of this boot, whatever else it says; by its name only where one of the two has no number.
    expect(said(driveAt('/dev/sdx', other, '9'))).toBe('it');
    expect(said(driveAt('/dev/sda', other, null))).toBe('it');
    expect(said(driveAt('/dev/sda', other, '14'))).toBe('');
    expect(said(driveAt('/dev/sda', other, '14'), { ...BOOT, diskseq: null })).toBe('it');
    expect(said(driveAt('/dev/sdb', other, null), { ...BOOT, diskseq: null })).toBe('');
    // By its identity, all three parts of it.
    expect(said(driveAt('/dev/sdc', STICK, '14'))).toBe('it');
    expect(said(driveAt('/dev/sdc', { ...STICK, transport: 'unknown' }, '14'))).toBe('maybe');
    expect(said(driveAt('/dev/sdc', { ...STICK, model: null }, '14'))).toBe('maybe');
    expect(said(driveAt('/dev/sdc', { ...STICK, serial: null }, '14'))).toBe('maybe');
    const bare = { ...STICK, serial: null };
    expect(said(driveAt('/dev/sdc', bare, '14'), { ...BOOT, identity: bare })).toBe('maybe');
    // Without an identity, only by number and name.
    const unread: BootMedium = { ...BOOT, identity: null };
    expect(said(driveAt('/dev/sdc', STICK, '9'), unread)).toBe('it');
    expect(said(driveAt('/dev/sdc', STICK, '14'), unread)).toBe('maybe');
    expect(bootMediumReasons(driveAt('/dev/sdc', STICK, '8'), { kind: 'none' })).toEqual([]);
    expect(bootMediumReasons(driveAt('/dev/sdc', bare, '8'), BOOT)).toEqual([]);
  });

  it('rules nothing out while its identity is not known, but what was there before it', () => {
    const boot: BootMedium = { ...BOOT, identity: null };
    expect(refused(driveAt('/dev/nvme0n1', { ...STICK, transport: 'nvme' }, '10'), boot)).toBe(true);
    expect(refused(driveAt('/dev/nvme0n1', { ...STICK, transport: 'nvme' }, '2'), boot)).toBe(false);
    expect(refused(driveAt('/dev/sdb', STICK, null), { kind: 'unknown' })).toBe(true);
    expect(refused(driveAt('/dev/sdb', STICK, null), { kind: 'none' })).toBe(false);
  });

  it('is no drive by network and from a CD, and not known where the image does not say', () => {
    const at = { disk: null, diskseq: null };
    expect(bootMediumOf({ kind: 'net', ...at }, null).kind).toBe('none');
    expect(bootMediumOf({ kind: 'iso', disk: '/dev/sr0', diskseq: '4' }, null).kind).toBe('none');
    expect(bootMediumOf({ kind: 'iso', disk: '/dev/sr12', diskseq: '4' }, null).kind).toBe('none');
    for (const disk of ['/dev/sda', '/mnt/dev/sr0', '/dev/sr0p1', '/dev/sr'])
      expect(bootMediumOf({ kind: 'stick', disk, diskseq: '4' }, STICK)).toEqual({
        ...{ kind: 'disk', path: disk, diskseq: '4', identity: STICK },
      });
    expect(bootMediumOf({ kind: 'iso', ...at }, null).kind).toBe('unknown');
    expect(bootMediumOf({ kind: 'stick', ...at }, STICK).kind).toBe('unknown');
    expect(bootMediumOf(null, STICK).kind).toBe('unknown');
  });
});

describe('whatever else is plugged in, and whatever is typed', () => {
  const words = fc.constantFrom('SanDisk Ultra', 'KINGSTON', 'SAMSUNG');
  const serials = fc.constantFrom('4C530001', '4C530002', 'S3Z9');
  const identity = fc.record<DriveIdentity>({
    transport: fc.constantFrom('usb', 'sata', 'nvme', 'mmc', 'unknown'),
    model: fc.option(words),
    serial: fc.option(serials),
    wwid: fc.constant(null),
  });
  const number = fc.option(fc.integer({ min: 1, max: 20 }).map(String));
  const names = fc.shuffledSubarray(['sda', 'sdb', 'sdc', 'nvme0n1'], { minLength: 1 });
  const machine = names.chain((all) =>
    fc.tuple(...all.map((name) => fc.tuple(fc.constant(`/dev/${name}`), identity, number))),
  );

  it('no plan names the boot disk, replugged or not, and none a drive that may be it', () => {
    fc.assert(
      fc.property(machine, identity, number, fc.nat(3), (found, stick, bootNumber, place) => {
        const drives = found.map(([path, own, diskseq]) => driveAt(path, own, diskseq));
        const disk = drives[place % drives.length]!;
        // One of the drives is the boot disk: as it was, or with a later number and another name, or half readable.
        disk.identity = { ...stick };
        const later = bootNumber === null ? null : String(Number(bootNumber) + 1 + place);
        for (const diskseq of [bootNumber, later]) {
          disk.diskseq = diskseq;
          const boot: BootMedium = {
            kind: 'disk',
            path: '/dev/sdq',
            diskseq: bootNumber,
            identity: { ...stick },
          };
          const planned = drives.filter((drive) => plannable(drive, drives, boot));
          expect(planned).not.toContain(disk);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a drive is planned only where one fact rules it out', () => {
    fc.assert(
      fc.property(machine, fc.option(identity), number, (found, stick, bootNumber) => {
        const drives = found.map(([path, own, diskseq]) => driveAt(path, own, diskseq));
        const boot: BootMedium = { kind: 'disk', path: '/dev/sda', diskseq: bootNumber, identity: stick };
        for (const drive of drives.filter((each) => plannable(each, drives, boot))) {
          const earlier =
            drive.diskseq !== null && bootNumber !== null && Number(drive.diskseq) < Number(bootNumber);
          const { transport, model, serial } = drive.identity;
          const other =
            stick !== null &&
            ((transport !== stick.transport && transport !== 'unknown' && stick.transport !== 'unknown') ||
              (model !== null && stick.model !== null && model !== stick.model) ||
              (serial !== null && stick.serial !== null && serial !== stick.serial));
          expect(earlier || other).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  function plannable(drive: Drive, all: readonly Drive[], boot: BootMedium): boolean {
    const free = topologyOf(all.map(({ path, diskseq }) => diskNode(path.replace('/dev/', ''), { diskseq })));
    const authority: Authority = {
      ...{ mode: 'real', onLiveImage: true, notARehearsal: true, typedEnding: drive.identity.serial, boot },
      ...{ reach: 'addressed', confirmed: [] },
    };
    return refusals(drive, all, free, authority).length === 0;
  }
});

describe('what the record names as boot medium', () => {
  const stick = driveAt('/dev/sda', STICK, '9');
  const other = driveAt('/dev/sdb', { ...STICK, serial: '4C530002' }, '10');
  const refusal = (drive: Drive) => ({ ...drive, reasons: bootMediumReasons(drive, BOOT) });

  it('is the one drive that surely is it, refused as that', () => {
    expect(bootDrive([other, stick], BOOT)).toBe(stick);
    expect(bootMediumRef(stick, [refusal(stick)])).toEqual({ path: '/dev/sda', identity: STICK });
    expect(bootMediumRef(stick, [])).toBeNull();
  });

  it('is nothing where two may be it, none is, or it is a drive inside', () => {
    expect(bootDrive([stick, driveAt('/dev/sdc', STICK, '9')], BOOT)).toBeNull();
    expect(bootDrive([driveAt('/dev/sdc', { ...STICK, serial: null }, '14')], BOOT)).toBeNull();
    expect(bootDrive([stick], { kind: 'unknown' })).toBeNull();
    expect(bootMediumRef(null, [])).toBeNull();
    const inside = driveAt('/dev/sda', { ...STICK, transport: 'sata' }, '9');
    expect(bootDrive([inside], BOOT)).toBe(inside);
    expect(bootMediumRef(inside, [refusal(inside)])).toBeNull();
  });
});
