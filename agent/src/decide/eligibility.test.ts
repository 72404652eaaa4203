import type { Drive } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Authority,
  awaitsOnlyConfirmation,
  type DiskUse,
  endingMatches,
  refusals,
  type Topology,
} from './eligibility.ts';

const drive = (
  name: string,
  change: Partial<Drive> = {},
  serial: string | null = `SN-${name}-0042`,
): Drive => ({
  path: `/dev/${name}`,
  identity: { transport: 'sata', model: 'TEST HDD', serial, wwid: `naa.${name}` },
  medium: 'ata-hdd',
  firmware: null,
  sizeBytes: 1_000_204_886_016,
  logicalSectorBytes: 512,
  physicalSectorBytes: 4096,
  rotational: true,
  removable: false,
  diskseq: '3',
  health: { outcome: 'absent', sources: [] },
  ...change,
});
const free: DiskUse = {
  mountPoints: [],
  swap: false,
  holders: [],
  readOnly: false,
  labels: [],
  claim: 'free',
};
const known = (disks: Record<string, DiskUse>): Topology => ({ kind: 'known', disks });
const sure: Authority = {
  onLiveImage: false,
  notARehearsal: true,
  typedEnding: '0042',
  boot: { kind: 'none' },
};
const codes = (...args: Parameters<typeof refusals>): string[] => refusals(...args).map(({ code }) => code);
const sda = drive('sda');

describe('refusals', () => {
  it('has none for a free, identified, confirmed drive', () => {
    expect(codes(sda, [sda], known({ sda: free }), sure)).toEqual([]);
    expect(
      codes(sda, [sda], known({ sda: free }), { ...sure, onLiveImage: true, notARehearsal: false }),
    ).toEqual([]);
  });

  it.each<[string, Parameters<typeof refusals>, string]>([
    ['mounted', [sda, [sda], known({ sda: { ...free, mountPoints: ['/mnt'] } }), sure], 'mounted'],
    [
      'carrying the running system',
      [sda, [sda], known({ sda: { ...free, mountPoints: ['/'] } }), sure],
      'boot',
    ],
    ['used as swap', [sda, [sda], known({ sda: { ...free, swap: true } }), sure], 'swap'],
    ['held by an assembly', [sda, [sda], known({ sda: { ...free, holders: ['dm-0'] } }), sure], 'held'],
    [
      'that is a stick of ours',
      [sda, [sda], known({ sda: { ...free, labels: ['REBOND'] } }), sure],
      'rebond-stick',
    ],
    [
      'that may be the boot medium',
      [sda, [sda], known({ sda: free }), { ...sure, boot: { kind: 'unknown' } }],
      'boot-medium',
    ],
    ['write-protected', [sda, [sda], known({ sda: { ...free, readOnly: true } }), sure], 'read-only'],
    [
      'that the kernel says is busy',
      [sda, [sda], known({ sda: { ...free, claim: 'busy' } }), sure],
      'in-use',
    ],
    [
      'of which the kernel says nothing',
      [sda, [sda], known({ sda: { ...free, claim: 'unknown' } }), sure],
      'use-unknown',
    ],
    ['of unknown use', [sda, [sda], { kind: 'unknown', detail: '/proc/swaps' }, sure], 'use-unknown'],
    ['absent from the topology', [sda, [sda], known({ sdb: free }), sure], 'use-unknown'],
    ['without a serial', [drive('sda', {}, null), [], known({ sda: free }), sure], 'unidentified'],
    ['with a blank serial', [drive('sda', {}, '  '), [], known({ sda: free }), sure], 'unidentified'],
    ['of unknown size', [drive('sda', { sizeBytes: null }), [], known({ sda: free }), sure], 'size-unknown'],
    ['of size zero', [drive('sda', { sizeBytes: 0 }), [], known({ sda: free }), sure], 'size-unknown'],
    [
      'in the network',
      [drive('sda', { identity: { ...sda.identity, transport: 'network' } }), [], known({ sda: free }), sure],
      'network',
    ],
    [
      'with a twin serial',
      [sda, [sda, drive('sdb', {}, 'SN-sda-0042')], known({ sda: free }), sure],
      'duplicate-serial',
    ],
    ['not confirmed', [sda, [sda], known({ sda: free }), { ...sure, typedEnding: null }], 'not-confirmed'],
    [
      'confirmed as another',
      [sda, [sda], known({ sda: free }), { ...sure, typedEnding: '0043' }],
      'not-confirmed',
    ],
    [
      'neither on the live image nor with the flag',
      [sda, [sda], known({ sda: free }), { ...sure, notARehearsal: false }],
      'not-live',
    ],
  ])('refuses a drive %s', (_, args, code) => {
    expect(codes(...args)).toContain(code);
  });

  it('asks for the confirmation only when nothing else stands against it', () => {
    const unasked = { ...sure, typedEnding: null };
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], known({ sda: free }), unasked))).toBe(true);
    const mounted = known({ sda: { ...free, mountPoints: ['/mnt'] } });
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], mounted, unasked))).toBe(false);
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], known({ sda: free }), sure))).toBe(false);
  });

  it('never lets through a drive in use, whatever was typed', () => {
    const use = fc.record({
      mountPoints: fc.array(fc.constantFrom('/', '/home', '/mnt/x'), { maxLength: 2 }),
      swap: fc.boolean(),
      holders: fc.array(fc.constantFrom('dm-0', 'md127'), { maxLength: 2 }),
      readOnly: fc.boolean(),
      labels: fc.array(fc.constantFrom('DATA', 'REBOND'), { maxLength: 2 }),
      claim: fc.constantFrom('free' as const, 'busy' as const, 'unknown' as const),
    });
    fc.assert(
      fc.property(use, fc.boolean(), fc.boolean(), fc.string({ maxLength: 6 }), (seen, live, flag, typed) => {
        const inUse =
          seen.mountPoints.length > 0 ||
          seen.swap ||
          seen.holders.length > 0 ||
          seen.readOnly ||
          seen.labels.includes('REBOND') ||
          seen.claim !== 'free';
        const authority = { ...sure, onLiveImage: live, notARehearsal: flag, typedEnding: typed };
        const allowed = refusals(sda, [sda], known({ sda: seen }), authority).length === 0;
        expect(allowed).toBe(!inUse && (live || flag) && endingMatches('SN-sda-0042', typed));
      }),
    );
  });
});

describe('endingMatches', () => {
  it('wants four characters, or all of a shorter serial, and forgives case and blanks around', () => {
    expect(endingMatches('WD-ABC1234', '1234')).toBe(true);
    expect(endingMatches('WD-abc1234', ' C1234 ')).toBe(true);
    expect(endingMatches('WD-ABC1234', '234')).toBe(false);
    expect(endingMatches('WD-ABC1234', '')).toBe(false);
    expect(endingMatches('A1', 'a1')).toBe(true);
    expect(endingMatches('A1', '1')).toBe(false);
    expect(endingMatches(null, '')).toBe(false);
    expect(endingMatches('   ', '')).toBe(false);
    expect(endingMatches('WD-ABC1234', 'WD-ABC12345')).toBe(false);
  });
});
