import { describe, expect, it } from 'vitest';
import { FORMAT, rig, type Words } from './rig.ts';

function deallocation(...ranges: [lba: number, blocks: number][]): { words: Words; data: Buffer } {
  const data = Buffer.alloc(16 * ranges.length);
  for (const [index, [lba, blocks]] of ranges.entries()) {
    data.writeUInt32LE(blocks, index * 16 + 4);
    data.writeBigUInt64LE(BigInt(lba), index * 16 + 8);
  }
  return { words: { cdw10: ranges.length - 1, cdw11: 4 }, data };
}

describe('reading and writing', () => {
  it('begin with the owner’s data, and go to the namespace they name', () => {
    const { read, write, owned, leftInNamespace } = rig({ namespaces: [{ size: '8M' }, { size: '8M' }] });
    expect(read(5).data).toEqual(owned(5));
    expect(read(5, 1, 2).data).toEqual(owned(5 + 16384));
    write(5, Buffer.alloc(1024, 'x'), 2);
    expect([read(6, 1, 2).data, leftInNamespace(1), leftInNamespace(2)]).toEqual([
      ...[Buffer.alloc(512, 'x'), 8 * 2 ** 20, 8 * 2 ** 20 - 1024],
    ]);
  });

  it('end with the namespace', () => {
    const { read, write } = rig({ size: '4M' });
    expect([read(8191).status, read(8191, 2).status, write(8192, Buffer.alloc(512)).status]).toEqual([
      ...['success', 'lba-out-of-range', 'lba-out-of-range'],
    ]);
    expect(read(0, 1, 2).status).toBe('invalid-namespace');
  });

  it('compare', () => {
    const { io, owned } = rig();
    expect(io('compare', {}, owned(0)).status).toBe('success');
    expect(io('compare', {}, owned(1)).status).toBe('compare-failure');
  });

  it('deallocate: reads give zeros, the cells keep the data', () => {
    const { io, read, left, total, owned } = rig();
    const { words, data } = deallocation([0, 8], [100, 1]);
    expect(io('manageData', words, data).status).toBe('success');
    expect([read(7).data, read(8).data, read(100).data]).toEqual([
      Buffer.alloc(512),
      owned(8),
      Buffer.alloc(512),
    ]);
    expect(left()).toBe(total);
    expect(io('manageData', ...(Object.values(deallocation([2 ** 31, 1])) as [Words, Buffer])).status).toBe(
      'lba-out-of-range',
    );
  });

  it('write zeroes into the cells, or deallocate when the host lets it', () => {
    const { io, read, left, total } = rig();
    io('writeZeroes', { cdw12: 7 });
    expect(left()).toBe(total - 4096);
    io('writeZeroes', { cdw10: 8, cdw12: 7 | (1 << 25) });
    expect([left(), read(8).data]).toEqual([total - 4096, Buffer.alloc(512)]);
  });

  it('count in the SMART log, and note failed commands in the error log', async () => {
    const { io, read, write, admin, drive } = rig();
    write(0, Buffer.alloc(512));
    read(0, 2000);
    drive.failed(1, { ...commandLike, cdw10: 77 }, io('read', { cdw10: 2 ** 31 }));
    const health = (await admin('getLog', { cdw10: 2 | (127 << 16) })).data!;
    expect([32, 48, 64, 80, 176].map((at) => health.readBigUInt64LE(at))).toEqual([2n, 1n, 1n, 1n, 1n]);
    const errors = (await admin('getLog', { cdw10: 1 | (15 << 16) })).data!;
    expect([errors.readBigUInt64LE(0), errors.readUInt16LE(8), errors.readBigUInt64LE(16)]).toEqual([
      1n,
      1,
      77n,
    ]);
  });

  it('keep metadata out of the medium', () => {
    const { admin, io, clock, left } = rig({
      size: '4M',
      overProvisioned: 0,
      lbaFormats: [{ data: 512, metadata: 8 }],
    });
    void admin('format', { nsid: 1, cdw10: FORMAT.userData | 0x10 });
    clock.advance(60_000);
    const block = Buffer.concat([Buffer.alloc(512, 'd'), Buffer.alloc(8, 'm')]);
    expect(io('write', {}, block).status).toBe('success');
    expect(io('read').data).toEqual(Buffer.concat([Buffer.alloc(512, 'd'), Buffer.alloc(8)]));
    expect(left()).toBe(0);
  });
});

const commandLike = {
  ...{ opcode: 2, cid: 1, nsid: 1, cdw10: 0, cdw11: 0, cdw12: 0, cdw13: 0, cdw14: 0, cdw15: 0 },
  ...{ data: { in: 'transport', length: 0 } as const, bytes: Buffer.alloc(64) },
};

describe('a self-test', () => {
  it('goes on, passes, and is aborted by a sanitize', async () => {
    const { admin, clock } = rig();
    const log = async (): Promise<Buffer> => (await admin('getLog', { cdw10: 6 | (140 << 16) })).data!;
    await admin('selfTest', { cdw10: 1 });
    clock.advance(60_000);
    expect([...(await log()).subarray(0, 2)]).toEqual([1, 50]);
    expect((await admin('selfTest', { cdw10: 2 })).status).toBe('self-test-in-progress');
    clock.advance(60_000);
    expect((await log()).readUInt8(4)).toBe(0x10);
    await admin('selfTest', { cdw10: 2 });
    await admin('sanitize', { cdw10: 4 });
    clock.advance(4000);
    expect([(await log()).readUInt8(0), (await log()).readUInt8(4)]).toEqual([0, 0x29]);
  });
});
