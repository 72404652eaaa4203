import { Inventory, MachineRef } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { machineRef } from './machine-ref.ts';

const failed = { outcome: 'failed', failure: { code: 'unreadable', source: 'test', detail: '' } } as const;
const NOBODY = {
  manufacturer: null,
  product: null,
  version: null,
  serial: null,
  uuid: null,
  boardSerial: null,
  chassis: null,
  firmwareVendor: null,
  firmwareVersion: null,
  firmwareDate: null,
};
const inventory = (facts: Partial<typeof NOBODY | Record<string, string>> | null): Inventory =>
  Inventory.parse({
    schema: 'rebond.inventory/1',
    takenAt: { wall: '2026-03-01T10:00:00.000Z', timeSource: 'ntp' },
    system: facts === null ? failed : { outcome: 'read', sources: [], value: { ...NOBODY, ...facts } },
    cpu: failed,
    memory: failed,
    drives: failed,
    batteries: failed,
    displays: failed,
    remarks: [],
  });
const SESSION = '018f0000-0000-7000-8000-000000000001';
const EXAMPLE = { manufacturer: 'EXAMPLE', product: 'Laptop 14', serial: 'EX12345' };

describe('machineRef', () => {
  it('recognizes a machine by its DMI serial, whatever its firmware, parts and session', async () => {
    const first = MachineRef.parse(await machineRef(inventory(EXAMPLE), ['00:1b:21:00:00:01'], SESSION));
    expect(first).toMatchObject({ basis: 'dmi', id: expect.stringMatching(/^m-[0-9a-f]{32}$/) });
    expect(await machineRef(inventory({ ...EXAMPLE, firmwareVersion: '2.0' }), [], 'other')).toEqual(first);
    expect((await machineRef(inventory({ ...EXAMPLE, serial: 'EX12346' }), [], SESSION)).id).not.toBe(
      first.id,
    );
    expect((await machineRef(inventory({ ...EXAMPLE, manufacturer: 'OTHER' }), [], SESSION)).id).not.toBe(
      first.id,
    );
  });

  it('takes a real UUID alone, and not one that whole series share', async () => {
    const basis = async (uuid: string) => (await machineRef(inventory({ uuid }), [], SESSION)).basis;
    expect(await basis('4c4c4544-004a-3210-8039-b6c04f483633')).toBe('dmi');
    expect(await basis('03000200-0400-0500-0006-000700080009')).toBe('session');
    expect(await basis('00000000-0000-0000-0000-000000000000')).toBe('session');
    expect((await machineRef(inventory({ serial: 'To Be Filled By O.E.M.' }), [], SESSION)).basis).toBe(
      'session',
    );
  });

  it('falls back on the lowest permanent address, in any notation and order', async () => {
    const macs = [
      '3C:97:0E:00:00:02',
      '02:00:00:00:00:01',
      '00:1b:21:00:00:01',
      'nonsense',
      '00:00:00:00:00:00',
    ];
    const ref = await machineRef(inventory(null), macs, SESSION);
    expect(ref.basis).toBe('mac');
    expect(await machineRef(inventory(null), ['00-1B-21-00-00-01'], 'other')).toEqual(ref);
    expect(await machineRef(inventory(EXAMPLE), macs, SESSION)).toMatchObject({ basis: 'dmi' });
  });

  it('is of this session alone without either', async () => {
    const ref = await machineRef(inventory(null), ['02:fc:00:00:00:01', '01:00:5e:00:00:01'], SESSION);
    expect(ref.basis).toBe('session');
    expect((await machineRef(inventory(null), [], 'other')).id).not.toBe(ref.id);
  });
});
