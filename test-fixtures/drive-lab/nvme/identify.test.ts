import { describe, expect, it } from 'vitest';
import { rig } from './rig.ts';

const ids = (data: Buffer): number[] =>
  Array.from({ length: 8 }, (_, at) => data.readUInt32LE(at * 4)).filter((id) => id > 0);

describe('Identify', () => {
  it('says what Linux insists on over Fabrics', async () => {
    const data = await rig().identify(1);
    expect(data.readUInt32LE(536) & 3).not.toBe(0); // SGLS
    expect(data.readUInt16LE(320)).toBeGreaterThan(0); // KAS
    expect(data.readUInt32LE(1792)).toBeGreaterThanOrEqual(4); // IOCCSZ
    expect(data.readUInt32LE(1796)).toBeGreaterThanOrEqual(1); // IORCSZ
    expect(data.readUInt16LE(1800)).toBe(0); // ICDOFF
    expect([data.readUInt16LE(78), data.readUInt8(111), data.readUInt8(76)]).toEqual([1, 1, 0]);
  });

  it('says what was described: identity, capabilities, capacity', async () => {
    const data = await rig({
      ...{ size: '64M', serial: 'S1', model: 'M1', firmware: 'F1', namespaces: [{ size: '16M' }] },
      ...{ sanitize: ['block', 'overwrite'], noDeallocateInhibited: true, mediaModified: 2 },
      ...{ format: false, selfTest: false, formatsAll: true, cryptoFormat: false },
    }).identify(1);
    expect([
      data.toString('latin1', 4, 24),
      data.toString('latin1', 24, 28),
      data.toString('latin1', 64, 72),
    ]).toEqual([...['S1'.padEnd(20), 'M1  ', 'F1      ']]);
    expect(data.readUInt32LE(328)).toBe(0xa000_0006);
    expect([data.readUInt16LE(256), data.readUInt8(524)]).toEqual([8, 1]);
    expect([data.readBigUInt64LE(280), data.readBigUInt64LE(296)]).toEqual([64n << 20n, 48n << 20n]);
  });

  it('lists active and allocated namespaces apart, and shows a hidden one only as allocated', async () => {
    const { identify } = rig({ namespaces: [{ size: '16M' }, { size: '8M', attached: false, format: 1 }] });
    expect([ids(await identify(2)), ids(await identify(0x10)), ids(await identify(0x10, 1))]).toEqual([
      [1],
      [1, 2],
      [2],
    ]);
    expect((await identify(0, 2)).every((byte) => byte === 0)).toBe(true);
    const allocated = await identify(0x11, 2);
    expect([allocated.readBigUInt64LE(0), allocated.readUInt8(26)]).toEqual([2048n, 1]);
  });

  it('has no allocated list without namespace management', async () => {
    const { admin, identify } = rig();
    const capabilities = await identify(1);
    expect([capabilities.readUInt32LE(516), capabilities.readUInt16LE(256) & 8]).toEqual([1, 0]);
    expect((await admin('identify', { cdw10: 0x10 })).status).toBe('invalid-field');
    expect((await admin('manageNamespace')).status).toBe('invalid-opcode');
  });

  it('gives each namespace its own EUI-64, whatever the serial', async () => {
    const [one, other] = [
      await rig({ serial: 'X' }).identify(3, 1),
      await rig({ serial: 'X' }).identify(0, 1),
    ];
    expect(one.subarray(4, 12)).toEqual(other.subarray(120, 128));
    const two = rig({ namespaces: [{ size: '8M' }, { size: '8M' }] });
    expect((await two.identify(3, 1)).subarray(4, 12)).not.toEqual(
      (await two.identify(3, 2)).subarray(4, 12),
    );
  });

  it('lists formats with and without metadata', async () => {
    const { identify, io } = rig({
      lbaFormats: [
        { data: 512, metadata: 8 },
        { data: 4096, metadata: 64 },
      ],
    });
    const data = await identify(0, 1);
    expect([data.readUInt8(25), data.readUInt16LE(128), data.readUInt8(130), data.readUInt16LE(132)]).toEqual(
      [1, 8, 9, 64],
    );
    expect(io('read').data).toHaveLength(512);
  });
});

describe('namespaces', () => {
  const wanted = (blocks: bigint): Buffer => {
    const data = Buffer.alloc(4096);
    data.writeBigUInt64LE(blocks, 0);
    data.writeBigUInt64LE(blocks, 8);
    return data;
  };
  const toController = (id: number): Buffer => {
    const data = Buffer.alloc(4096);
    data.writeUInt16LE(1, 0);
    data.writeUInt16LE(id, 2);
    return data;
  };

  it('are made of what is unallocated, attached, detached and deleted', async () => {
    const { admin, identify, read, happened } = rig({ size: '64M', namespaces: [{ size: '32M' }] });
    const made = await admin('manageNamespace', {}, wanted(65536n));
    expect(made).toEqual({ status: 'success', result: 2n });
    expect(read(0, 1, 2).status).toBe('invalid-namespace');
    expect((await admin('attachNamespace', { nsid: 2 }, toController(9))).status).toBe(
      'controller-list-invalid',
    );
    expect((await admin('attachNamespace', { nsid: 2 }, toController(1))).status).toBe('success');
    expect((await admin('attachNamespace', { nsid: 2 }, toController(1))).status).toBe('already-attached');
    expect([ids(await identify(2)), read(0, 1, 2).data, happened]).toEqual([
      ...[[1, 2], Buffer.alloc(512), ['event 40002']],
    ]);
    expect((await admin('manageNamespace', {}, wanted(1n))).status).toBe('insufficient-capacity');
    await admin('manageNamespace', { nsid: 2, cdw10: 1 });
    expect([ids(await identify(0x10)), (await identify(1)).readBigUInt64LE(296)]).toEqual([[1], 32n << 20n]);
  });

  it('leave the owner’s data in the cells when they are deleted', async () => {
    const { admin, left, total } = rig({ namespaces: [{ size: '32M' }] });
    await admin('manageNamespace', { nsid: 0xffff_ffff, cdw10: 1 });
    expect(left()).toBe(total);
  });
});
