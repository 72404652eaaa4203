import { describe, expect, it } from 'vitest';
import { type Leads, placeOf } from './boot-entries.ts';

const GUID = '0fc63daf-8483-4772-8e79-3d69d8477de4';
const to = (partition: string | null, ...reaches: ('network' | 'removable' | 'firmware')[]): Leads => ({
  partition,
  reaches: new Set(reaches),
});
const disks = new Map([
  [GUID, ['/dev/sda']],
  ['a1b2c3d4-01', ['/dev/sdb']],
  ['cloned', ['/dev/sda', '/dev/sdb']],
]);
const done = new Set(['/dev/sda']);

describe('where a boot entry leads', () => {
  it.each<[string, Leads | null, unknown]>([
    ['a drive that was sanitized', to(GUID), { kind: 'sanitized-drive', path: '/dev/sda' }],
    ['the same in capitals', to(GUID.toUpperCase()), { kind: 'sanitized-drive', path: '/dev/sda' }],
    ['a drive that was not', to('a1b2c3d4-01'), { kind: 'other-drive', path: '/dev/sdb' }],
    ['a clone of which one was not', to('cloned'), { kind: 'other-drive', path: '/dev/sdb' }],
    ['nowhere', to('11111111-2222-3333-4444-555555555555'), { kind: 'no-drive' }],
    ['a stick, whatever partition it names', to(GUID, 'removable'), { kind: 'removable' }],
    ['the network', to(null, 'network'), { kind: 'network' }],
    ['the firmware', to(null, 'firmware'), { kind: 'firmware' }],
    ['a whole drive, by its place', to(null), { kind: 'unknown' }],
    ['bytes that say nothing', null, { kind: 'unknown' }],
  ])('to %s', (_name, entry, due) => expect(placeOf(entry, disks, done)).toEqual(due));

  it('a clone is a leftover once both were sanitized', () => {
    expect(placeOf(to('cloned'), disks, new Set(['/dev/sda', '/dev/sdb']))).toEqual({
      kind: 'sanitized-drive',
      path: '/dev/sda',
    });
  });

  it('nothing is a leftover where nothing was sanitized', () => {
    expect(placeOf(to(GUID), disks, new Set()).kind).toBe('other-drive');
  });
});
