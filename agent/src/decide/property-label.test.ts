import type { Drive, DriveIdentity } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import { type Authority, refusals } from './eligibility.ts';
import { awaitsOnlyLabel, hasLookalike, labelTyped, withLabel } from './property-label.ts';

function drive(name: string, identity: Partial<DriveIdentity> = {}, more: Partial<Drive> = {}): Drive {
  return {
    path: `/dev/${name}`,
    identity: { transport: 'sata', model: 'TEST HDD', serial: null, wwid: null, ...identity },
    ...{ medium: 'ata-hdd', firmware: null, sizeBytes: 4096, logicalSectorBytes: 512 },
    ...{ physicalSectorBytes: 512, rotational: true, removable: false, diskseq: '7' },
    health: { outcome: 'absent', sources: [] },
    ...more,
  };
}
const AUTHORITY: Authority = {
  ...{ mode: 'real', onLiveImage: true, notARehearsal: false, typedEnding: null },
  ...{ boot: { kind: 'none' }, reach: 'addressed', confirmed: [] },
};
const free = topologyOf([diskNode('sda', { diskseq: '7' }), diskNode('sdb', { diskseq: '7' })]);
const against = (one: Drive, all: readonly Drive[] = [one], said: Partial<Authority> = {}) =>
  refusals(one, all, free, { ...AUTHORITY, ...said });

describe('a drive without a number', () => {
  it('awaits a label, and then the end of it', () => {
    const bare = drive('sda');
    expect(awaitsOnlyLabel(against(bare))).toBe(true);
    const named = withLabel(bare, 'REB-0042');
    expect(against(named).map(({ code }) => code)).toEqual(['not-confirmed']);
    expect(against(named, [named], { typedEnding: '0042' })).toEqual([]);
    expect(against(named, [named], { typedEnding: '0043' }).map(({ code }) => code)).toEqual([
      'not-confirmed',
    ]);
  });

  it('is not offered a label where anything else stands against it', () => {
    expect(awaitsOnlyLabel(against(drive('sda', { serial: 'SN-1' })))).toBe(false);
    expect(awaitsOnlyLabel(against(drive('sda', {}, { sizeBytes: null })))).toBe(false);
    expect(awaitsOnlyLabel(against(drive('sda'), undefined, { boot: { kind: 'unknown' } as never }))).toBe(
      false,
    );
    expect(awaitsOnlyLabel(against(drive('sda', {}, { diskseq: '6' })))).toBe(false);
    expect(awaitsOnlyLabel([])).toBe(false);
  });

  it('a serial number, even a blank one beside a label, is never overruled', () => {
    const both = withLabel(drive('sda', { serial: 'SN-1234' }), 'REB-0042');
    expect(against(both, [both], { typedEnding: '0042' }).map(({ code }) => code)).toEqual(['not-confirmed']);
    expect(against(both, [both], { typedEnding: '1234' })).toEqual([]);
    const blank = withLabel(drive('sda', { serial: '  ' }), 'REB-0042');
    expect(against(blank, [blank], { typedEnding: '0042' })).toEqual([]);
  });

  it('cannot be told from another of its model and size that has none either', () => {
    const [one, two] = [drive('sda'), drive('sdb')];
    expect(hasLookalike(one, [one, two])).toBe(true);
    expect(hasLookalike(one, [one, drive('sdb', { serial: 'SN-2' })])).toBe(false);
    expect(hasLookalike(one, [one, drive('sdb', { model: 'OTHER' })])).toBe(false);
    expect(hasLookalike(one, [one, drive('sdb', {}, { sizeBytes: 8192 })])).toBe(false);
    expect(hasLookalike(one, [one, withLabel(two, 'REB-1')])).toBe(false);
    expect(hasLookalike(one, [one])).toBe(false);
  });
});

describe('a label as it is typed', () => {
  it.each([
    [' reb-0042 ', { kind: 'label', label: 'REB-0042' }],
    ['', { kind: 'none' }],
    ['   ', { kind: 'none' }],
    [null, { kind: 'none' }],
    ['-REB', { kind: 'malformed' }],
    ['RÉB-1', { kind: 'malformed' }],
    ['AB', { kind: 'malformed' }],
    ['A'.repeat(25), { kind: 'malformed' }],
    ['REB 1', { kind: 'malformed' }],
    ['sn-1', { kind: 'taken' }],
    ['reb-7', { kind: 'taken' }],
  ] as const)('%j', (typed, due) => {
    const all = [drive('sdb', { serial: 'SN-1' }), withLabel(drive('sdc'), 'REB-7')];
    expect(labelTyped(typed, all)).toEqual(due);
  });
});
