import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Scratch, scratch } from '../scratch.ts';
import { NBD, reader, serveNbd } from './nbd.ts';
import { openVolatile, SECTOR, type VolatileDrive } from './volatile.ts';

const SIZE = 64 * SECTOR;
const folders: Scratch[] = [];

afterEach(() => folders.splice(0).forEach((folder) => folder.remove()));

function make(cache?: number): { path: string; drive: VolatileDrive } {
  const folder = scratch('volatile');
  folders.push(folder);
  const path = join(folder.path, 'drive.img');
  writeFileSync(path, Buffer.alloc(SIZE, 0xee));
  return { path, drive: openVolatile(path, cache) };
}

const sectors = (count: number, byte: number): Buffer => Buffer.alloc(count * SECTOR, byte);
const found = (path: string): string =>
  Array.from({ length: 64 }, (_, at) => readFileSync(path)[at * SECTOR]).join(' ');

describe('a drive that forgets', () => {
  it('reads what was written, and its file has it only after a flush', () => {
    const { path, drive } = make();
    drive.write(2 * SECTOR, sectors(3, 1));
    expect(drive.read(SECTOR, 3 * SECTOR)).toEqual(Buffer.concat([sectors(1, 0xee), sectors(2, 1)]));
    expect(readFileSync(path)).toEqual(Buffer.alloc(SIZE, 0xee));
    drive.flush();
    expect(readFileSync(path)[2 * SECTOR]).toBe(1);
    expect(drive.unflushed()).toBe(0);
  });

  it('keeps or drops each sector by a seeded coin, in the middle of requests too', () => {
    const outcome = (seed: number): string => {
      const { path, drive } = make();
      drive.write(0, sectors(1, 7));
      drive.flush();
      drive.write(0, sectors(32, 1));
      const { kept, lost } = drive.cut(seed);
      expect(kept + lost).toBe(32);
      expect(kept).toBeGreaterThan(4);
      expect(lost).toBeGreaterThan(4);
      return found(path);
    };
    expect(outcome(1)).toBe(outcome(1));
    expect(outcome(1)).not.toBe(outcome(2));
  });

  it('never loses what was flushed, and finds one of the versions of what was not', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const { path, drive } = make();
      drive.write(0, sectors(8, 1));
      drive.flush();
      drive.write(0, sectors(4, 2));
      drive.write(0, sectors(4, 3));
      drive.cut(seed);
      const left = found(path).split(' ').map(Number);
      expect(left.slice(4, 8)).toEqual([1, 1, 1, 1]);
      for (const byte of left.slice(0, 4)) expect([1, 2, 3]).toContain(byte);
    }
  });

  it('puts the oldest away when its cache is full, and at once what is forced', () => {
    const { path, drive } = make(4);
    drive.write(0, sectors(6, 1));
    expect(drive.unflushed()).toBe(4);
    drive.write(10 * SECTOR, sectors(1, 9), true);
    expect(readFileSync(path)[0]).toBe(1);
    expect(readFileSync(path)[10 * SECTOR]).toBe(9);
  });
});

/** As much of a client as the tests ask for. */
async function connect(drive: VolatileDrive) {
  const server = createServer((socket) => serveNbd(socket, drive)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket: Socket = createConnection(port, '127.0.0.1');
  await once(server, 'connection');
  server.close();
  const read = reader(socket);
  const hello = await read(18);
  expect(hello.readBigUInt64BE(0)).toBe(NBD.magic);
  const go = Buffer.alloc(4 + 16 + 6);
  go.writeUInt32BE(3, 0);
  go.writeBigUInt64BE(NBD.optionMagic, 4);
  go.writeUInt32BE(NBD.option.go, 12);
  go.writeUInt32BE(6, 16);
  socket.write(go);
  const info = await read(20 + 12 + 20);
  const request = async (
    command: number,
    at: number,
    length: number,
    data: Uint8Array = Buffer.alloc(0),
    flags = 0,
  ) => {
    const head = Buffer.alloc(28);
    head.writeUInt32BE(NBD.requestMagic, 0);
    head.writeUInt16BE(flags, 4);
    head.writeUInt16BE(command, 6);
    head.writeBigUInt64BE(42n, 8);
    head.writeBigUInt64BE(BigInt(at), 16);
    head.writeUInt32BE(length, 24);
    // In two pieces, as a socket may deliver it.
    socket.write(head.subarray(0, 9));
    await new Promise((done) => setImmediate(done));
    socket.write(Buffer.concat([head.subarray(9), data]));
    const reply = await read(16);
    expect(reply.readBigUInt64BE(8)).toBe(42n);
    return reply.readUInt32BE(4);
  };
  return { socket, read, request, size: Number(info.readBigUInt64BE(22)) };
}

describe('NBD', () => {
  const { command } = NBD;

  it('negotiates, writes, flushes, reads', async () => {
    const { path, drive } = make();
    const client = await connect(drive);
    expect(client.size).toBe(SIZE);
    expect(await client.request(command.write, SECTOR, 2 * SECTOR, sectors(2, 5))).toBe(0);
    expect(readFileSync(path)[SECTOR]).toBe(0xee);
    expect(await client.request(command.flush, 0, 0)).toBe(0);
    expect(readFileSync(path)[SECTOR]).toBe(5);
    expect(await client.request(command.read, SECTOR, SECTOR)).toBe(0);
    expect(await client.read(SECTOR)).toEqual(sectors(1, 5));
    expect(drive.flushes()).toBe(1);
    client.socket.destroy();
  });

  it('forces one write and trims', async () => {
    const { path, drive } = make();
    const client = await connect(drive);
    await client.request(command.write, 0, SECTOR, sectors(1, 1));
    await client.request(command.write, SECTOR, SECTOR, sectors(1, 2), NBD.forceUnitAccess);
    expect([readFileSync(path)[0], readFileSync(path)[SECTOR]]).toEqual([0xee, 2]);
    expect(await client.request(command.trim, 0, SECTOR)).toBe(0);
    client.socket.destroy();
  });

  it('refuses what lies outside, and what it does not know', async () => {
    const { drive } = make();
    const client = await connect(drive);
    expect(await client.request(command.read, SIZE, SECTOR)).toBe(22);
    expect(await client.request(99, 0, SECTOR)).toBe(22);
    expect(await client.request(command.write, 1, SECTOR, sectors(1, 1))).toBe(5);
    client.socket.destroy();
  });
});
