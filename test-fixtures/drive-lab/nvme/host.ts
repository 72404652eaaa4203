// The other end of the wire, as small as a test needs it: one queue on one socket, without a kernel.
import { connect, type Socket } from 'node:net';
import { FABRICS, FABRICS_TYPE } from './words.ts';

type Completion = { status: number; result: bigint; data: Buffer };

export type Host = Disposable & {
  /** @param data sent in the capsule, or by PDUs when the target asks for it */
  command(sqe: Buffer, data?: Buffer, how?: 'capsule' | 'transport'): Promise<Completion>;
  connectQueue(nqn: string, queue?: number, controller?: number): Promise<Completion>;
  /** Sets CC.EN. */
  enable(): Promise<Completion>;
  raw(bytes: Buffer): void;
  /** When the target has closed; the types of the PDUs that came until then. */
  closed: Promise<number[]>;
};

export async function openHost(port: number, digest = 0): Promise<Host> {
  const socket = connect({ host: '127.0.0.1', port });
  const types: number[] = [];
  const pending = new Map<number, { data: Buffer; sent: Buffer; done: (completion: Completion) => void }>();
  const initialized = Promise.withResolvers<void>();
  const closed = new Promise<number[]>((resolve) => void socket.on('close', () => resolve(types)));
  let cid = 0;
  eachPdu(socket, (pdu) => {
    types.push(pdu[0]!);
    const one = pending.get(pdu.readUInt16LE(pdu[0] === 5 ? 20 : 8));
    if (pdu[0] === 1) initialized.resolve();
    if (pdu[0] === 7 && one) one.data = Buffer.concat([one.data, pdu.subarray(24)]);
    if (pdu[0] === 9 && one) send(hostData(pdu, one.sent));
    if (pdu[0] === 5 && one)
      one.done({ status: pdu.readUInt16LE(22) >> 1, result: pdu.readBigUInt64LE(8), data: one.data });
  });
  const send = (bytes: Buffer): void => void socket.write(bytes);
  send(initialize(digest));
  await Promise.race([initialized.promise, closed]);

  const command: Host['command'] = (sqe, data = Buffer.alloc(0), how = 'capsule') => {
    cid += 1;
    sqe.writeUInt16LE(cid, 2);
    const inside = how === 'capsule' ? data : Buffer.alloc(0);
    if (data.length > 0) {
      sqe.writeUInt32LE(data.length, 32);
      sqe.writeUInt8(how === 'capsule' ? 0x01 : 0x5a, 39);
    }
    const head = pduHead(4, 72, inside.length);
    send(Buffer.concat([head, sqe, inside]));
    const number = cid;
    return new Promise((done) => void pending.set(number, { data: Buffer.alloc(0), sent: data, done }));
  };

  return {
    ...{ command, closed, raw: send },
    connectQueue(nqn, queue = 0, controller = 0xffff) {
      const [sqe, data] = [fabrics(FABRICS_TYPE.connect), Buffer.alloc(1024)];
      sqe.writeUInt16LE(queue, 42);
      sqe.writeUInt16LE(31, 44);
      data.writeUInt16LE(controller, 16);
      data.write(nqn, 256);
      data.write('nqn.2014-08.org.nvmexpress:uuid:host', 512);
      return command(sqe, data);
    },
    enable() {
      const sqe = fabrics(FABRICS_TYPE.propertySet);
      sqe.writeUInt32LE(0x14, 44);
      sqe.writeUInt32LE(0x0046_0001, 48);
      return command(sqe);
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

export function sqeOf(opcode: number, nsid = 0, ...words: number[]): Buffer {
  const sqe = Buffer.alloc(64);
  sqe.writeUInt8(opcode, 0);
  sqe.writeUInt32LE(nsid, 4);
  for (const [index, word] of words.entries()) sqe.writeUInt32LE(word, 40 + index * 4);
  return sqe;
}

/** A command that wants so many bytes. */
export function asking(sqe: Buffer, length: number): Buffer {
  sqe.writeUInt32LE(length, 32);
  sqe.writeUInt8(0x5a, 39);
  return sqe;
}

export function fabrics(type: number): Buffer {
  const sqe = sqeOf(FABRICS);
  sqe.writeUInt8(type, 4);
  return sqe;
}

export function pduHead(type: number, headerLength: number, dataLength: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(type, 0);
  head.writeUInt8(headerLength, 2);
  head.writeUInt8(dataLength > 0 ? headerLength : 0, 3);
  head.writeUInt32LE(headerLength + dataLength, 4);
  return head;
}

function initialize(digest: number): Buffer {
  const bytes = Buffer.concat([pduHead(0, 128, 0), Buffer.alloc(120)]);
  bytes.writeUInt8(digest, 11);
  return bytes;
}

/** What R2T asks for, in two pieces. */
function hostData(ready: Buffer, data: Buffer): Buffer {
  const [offset, length] = [ready.readUInt32LE(12), ready.readUInt32LE(16)];
  const half = Math.ceil(length / 2);
  const piece = (from: number, to: number): Buffer => {
    const head = Buffer.concat([pduHead(6, 24, to - from), Buffer.alloc(16)]);
    ready.copy(head, 8, 8, 12);
    head.writeUInt32LE(from, 12);
    head.writeUInt32LE(to - from, 16);
    return Buffer.concat([head, data.subarray(from, to)]);
  };
  return Buffer.concat([piece(offset, offset + half), piece(offset + half, offset + length)]);
}

function eachPdu(socket: Socket, take: (pdu: Buffer) => void): void {
  let held: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (more: Buffer) => {
    held = Buffer.concat([held, more]);
    while (held.length >= 8 && held.length >= held.readUInt32LE(4)) {
      const length = held.readUInt32LE(4);
      take(held.subarray(0, length));
      held = held.subarray(length);
    }
  });
}
