import type { DriveIdentity } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Confirmed, type Seen, stillConfirmed } from './still-confirmed.ts';

const IDENTITY: DriveIdentity = { transport: 'sata', model: 'TEST HDD', serial: 'SN-0042', wwid: 'naa.1' };
const CONFIRMED: Confirmed = { identity: IDENTITY, sizeBytes: 1000, diskseq: '7' };
const codes = (now: Seen | null, planned?: number[]): string[] =>
  stillConfirmed(CONFIRMED, now, planned).map(({ code }) => code);

describe('the drive at the moment before a destructive command', () => {
  it('is the confirmed one where nothing changed', () => {
    expect(codes({ ...CONFIRMED })).toEqual([]);
  });

  it.each<[string, Seen | null, string[]]>([
    ['nothing answers', null, ['drive-gone']],
    ['it was replugged', { ...CONFIRMED, diskseq: '8' }, ['replugged']],
    ['its number can no longer be read', { ...CONFIRMED, diskseq: null }, ['replugged']],
    [
      'it is attached in another way',
      { ...CONFIRMED, identity: { ...IDENTITY, transport: 'usb' } },
      ['transport-changed'],
    ],
    ['it has another model', { ...CONFIRMED, identity: { ...IDENTITY, model: 'OTHER' } }, ['model-changed']],
    ['it has another serial', { ...CONFIRMED, identity: { ...IDENTITY, serial: 'X' } }, ['serial-changed']],
    ['its serial is gone', { ...CONFIRMED, identity: { ...IDENTITY, serial: null } }, ['serial-changed']],
    ['it has another WWID', { ...CONFIRMED, identity: { ...IDENTITY, wwid: 'naa.2' } }, ['wwid-changed']],
    ['its size is another', { ...CONFIRMED, sizeBytes: 1001 }, ['size-changed']],
    ['its size is not known', { ...CONFIRMED, sizeBytes: null }, ['size-changed']],
  ])('is not where %s', (_, now, expected) => {
    expect(codes(now)).toEqual(expected);
    // No planned size excuses anything else.
    if (now?.sizeBytes !== 1001) expect(codes(now, [1001])).toEqual(expected);
  });

  it('may have the size that a planned step leads to, and no other', () => {
    expect(codes({ ...CONFIRMED, sizeBytes: 2000 }, [2000])).toEqual([]);
    expect(codes({ ...CONFIRMED, sizeBytes: 1000 }, [2000])).toEqual([]);
    expect(codes({ ...CONFIRMED, sizeBytes: 2001 }, [2000])).toEqual(['size-changed']);
  });

  it('agrees only where every single fact does', () => {
    const text = fc.option(fc.constantFrom('a', 'b'));
    const identity = fc.record<DriveIdentity>({
      transport: fc.constantFrom('sata', 'usb', 'network'),
      ...{ model: text, serial: text, wwid: text },
    });
    const seen = fc.record({
      identity,
      sizeBytes: fc.constantFrom(1, 2, 3),
      diskseq: fc.option(fc.constantFrom('1', '2')),
    });
    fc.assert(
      fc.property(seen, seen, fc.subarray([1, 2, 3]), (confirmed, now, planned) => {
        const sizes = new Set([confirmed.sizeBytes, ...planned]);
        const same =
          JSON.stringify([confirmed.identity, confirmed.diskseq]) ===
          JSON.stringify([now.identity, now.diskseq]);
        expect(stillConfirmed(confirmed, now, planned).length === 0).toBe(same && sizes.has(now.sizeBytes));
      }),
      { numRuns: 2000 },
    );
  });
});
