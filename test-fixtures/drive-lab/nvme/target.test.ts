// The wire, without a kernel: what a host sends, well-formed and not, to the lab's own port.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NvmeLab, openNvmeLab } from '../nvme.ts';
import { asking, fabrics, type Host, openHost, pduHead, sqeOf } from './host.ts';
import { pduSplitter } from './pdu.ts';
import { ADMIN, FABRICS_TYPE, IO } from './words.ts';

let lab: NvmeLab;
beforeAll(async () => void (lab = await openNvmeLab({ speed: 600 })));
afterAll(() => lab[Symbol.asyncDispose]());

const GONE = 0x4182;
const NOT_YET = 0x0181;

async function connected(nqn: string): Promise<{ admin: Host; io: Host; controller: number }> {
  const admin = await openHost(lab.port);
  const controller = Number((await admin.connectQueue(nqn)).result);
  await admin.enable();
  const io = await openHost(lab.port);
  await io.connectQueue(nqn, 1, controller);
  return { admin, io, controller };
}

describe('the port of the lab', () => {
  it('takes a host from its Connect to reading and writing, in the capsule and by R2T', async () => {
    const disk = lab.nvme({ size: '4M', serial: 'WIRE' });
    const { admin, io, controller } = await connected(disk.nqn);
    using _ = admin;
    using __ = io;
    const identified = await admin.command(asking(sqeOf(ADMIN.identify, 0, 1), 4096));
    expect(identified.data.toString('latin1', 4, 8)).toBe('WIRE');
    expect(identified.data.readUInt16LE(78)).toBe(controller);
    const [small, large] = [randomBytes(4096), randomBytes(512 * 1024)];
    expect((await io.command(sqeOf(IO.write, 1, 0, 0, 7), small, 'capsule')).status).toBe(0);
    expect((await io.command(sqeOf(IO.write, 1, 8, 0, 1023), large, 'transport')).status).toBe(0);
    const { data } = await io.command(asking(sqeOf(IO.read, 1, 0, 0, 1031), 1032 * 512));
    expect(data.equals(Buffer.concat([small, large]))).toBe(true);
    expect(disk.log.map(({ words }) => words)).toEqual([
      ...['identify cns=1', 'write 8 at 0', 'write 1024 at 8', 'read 1032 at 0'],
    ]);
  });

  it('tells capabilities, readiness and version by Property Get', async () => {
    const disk = lab.nvme();
    using host = await openHost(lab.port);
    await host.connectQueue(disk.nqn);
    const property = async (offset: number): Promise<bigint> => {
      const sqe = fabrics(FABRICS_TYPE.propertyGet);
      sqe.writeUInt32LE(offset, 44);
      return (await host.command(sqe)).result;
    };
    expect((await property(0)) & 0xffffn).toBe(127n);
    expect([await property(0x1c), (await host.enable()).status, await property(0x1c)]).toEqual([0n, 0, 1n]);
    expect(await property(8)).toBe(0x0001_0400n);
  });

  it('refuses who comes to a drive that is gone, or has no power, or is not there', async () => {
    const [gone, off] = [lab.nvme(), lab.nvme()];
    await Promise.all([gone.remove(), off.powerOff()]);
    const status = async (nqn: string, ...more: number[]): Promise<number> => {
      using host = await openHost(lab.port);
      return (await host.connectQueue(nqn, ...more)).status;
    };
    expect(await Promise.all([status(gone.nqn), status(off.nqn), status('nqn.nobody')])).toEqual([
      GONE,
      NOT_YET,
      GONE,
    ]);
    gone.insert();
    off.powerOn();
    expect(await Promise.all([status(gone.nqn), status(off.nqn)])).toEqual([0, 0]);
    expect(await status(gone.nqn, 1, 4711)).toBe(GONE);
  });

  it('wants a Connect before anything else, and CC.EN before other commands', async () => {
    using host = await openHost(lab.port);
    expect((await host.command(sqeOf(ADMIN.identify, 0, 1))).status & 0xff).toBe(0x0c);
    await host.connectQueue(lab.nvme().nqn);
    expect((await host.command(sqeOf(ADMIN.identify, 0, 1))).status & 0xff).toBe(0x0c);
  });

  it('falls silent and closes when power goes, and one host’s end leaves others alone', async () => {
    const disk = lab.nvme();
    const [one, other] = [await connected(disk.nqn), await connected(disk.nqn)];
    one.admin[Symbol.dispose]();
    await one.io.closed;
    expect((await other.admin.command(sqeOf(ADMIN.keepAlive))).status).toBe(0);
    await disk.powerOff();
    await Promise.all([other.admin.closed, other.io.closed]);
    expect(disk.presence()).toBe('off');
  });

  it('refuses to keep more than it may, and says so in its log', async () => {
    const disk = lab.nvme({ keepAtMost: 4096 });
    const { admin, io } = await connected(disk.nqn);
    using _ = admin;
    using __ = io;
    expect((await io.command(sqeOf(IO.write, 1, 0, 0, 7), randomBytes(4096))).status).toBe(0);
    expect((await io.command(sqeOf(IO.write, 1, 8, 0, 7), randomBytes(4096))).status & 0xff).toBe(6);
    expect(disk.log.at(-1)?.words).toMatch(/^write 8 at 8: more than 4096 bytes/);
  });

  it('answers an event request when something happens', async () => {
    const disk = lab.nvme({ durations: { block: 1 } });
    const { admin, io } = await connected(disk.nqn);
    using _ = admin;
    using __ = io;
    const event = admin.command(sqeOf(ADMIN.asynchronousEvent));
    await admin.command(sqeOf(ADMIN.sanitize, 0, 2));
    expect((await event).result).toBe(0x0081_0106n);
  });
});

describe('what no host should send', () => {
  const answered = async (bytes: Buffer): Promise<number | undefined> => {
    using host = await openHost(lab.port);
    host.raw(bytes);
    return (await host.closed).at(-1);
  };

  it('ends in a termination request: digests, other types, headers, lengths, data for nothing', async () => {
    using digest = await openHost(lab.port, 1);
    expect(await digest.closed).toEqual([3]);
    const wrong = pduHead(4, 72, 0);
    wrong.writeUInt8(71, 2);
    const huge = pduHead(4, 72, 2 ** 30);
    const stray = Buffer.concat([pduHead(6, 24, 8), Buffer.alloc(24)]);
    stray.writeUInt32LE(8, 16);
    for (const bytes of [pduHead(0x77, 24, 0), wrong, huge, stray]) expect(await answered(bytes)).toBe(3);
  });

  it('never ends the lab, whatever bytes come', { timeout: 60_000 }, async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        using host = await openHost(lab.port);
        for (const chunk of chunks) host.raw(Buffer.from(chunk));
      }),
      { numRuns: 60 },
    );
    using host = await openHost(lab.port);
    expect((await host.connectQueue(lab.nvme().nqn)).status).toBe(0);
  });

  it('is refused as a command where the command is wrong: too long, or no descriptor of this transport', async () => {
    const { admin, io } = await connected(lab.nvme().nqn);
    using _ = admin;
    using __ = io;
    expect((await io.command(asking(sqeOf(IO.read, 1, 0, 0, 0xffff), 2 ** 25))).status & 0xff).toBe(2);
    const odd = sqeOf(IO.read, 1);
    odd.writeUInt32LE(512, 32);
    odd.writeUInt8(0x20, 39);
    expect((await io.command(odd)).status & 0xff).toBe(2);
    expect((await io.command(sqeOf(0x7e, 1))).status & 0xff).toBe(1);
    expect((await io.command(asking(sqeOf(IO.read, 1, 0xffff_ffff, 0xffff_ffff), 512))).status & 0xff).toBe(
      0x80,
    );
  });
});

describe('a stream of PDUs', () => {
  it('is cut at the same places, however it comes', () => {
    const pdus = [pduHead(0, 128, 0), pduHead(4, 72, 0), pduHead(4, 72, 100)].map((head, index) =>
      Buffer.concat([head, Buffer.alloc([120, 64, 164][index]!, index + 1)]),
    );
    const whole = Buffer.concat(pdus);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 20 }), (sizes) => {
        const split = pduSplitter();
        const found = [];
        let at = 0;
        for (const size of [...sizes, whole.length]) {
          found.push(...split(whole.subarray(at, at + size)));
          at += size;
        }
        expect(found.map(({ type, data }) => [type, data.length])).toEqual([
          [0, 0],
          [4, 0],
          [4, 100],
        ]);
      }),
    );
  });
});
