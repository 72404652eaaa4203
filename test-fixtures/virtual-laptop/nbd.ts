// A server of the network block device protocol (NetworkBlockDevice/nbd, doc/proto.md), fixed newstyle, on one
// connected socket: the drive behind QEMU's controller when it must lose power, or answer with an error.
import type { Duplex } from 'node:stream';

export type Disk = {
  readonly size: number;
  read(at: number, length: number): Buffer;
  write(at: number, bytes: Buffer, durable: boolean): void;
  flush(): void;
};

export const NBD = {
  magic: 0x4e42444d41474943n,
  optionMagic: 0x49484156454f5054n,
  optionReplyMagic: 0x3e889045565a9n,
  requestMagic: 0x25609513,
  replyMagic: 0x67446698,
  option: { exportName: 1, abort: 2, list: 3, info: 6, go: 7 },
  reply: { ack: 1, server: 2, info: 3, unsupported: 0x80000001 },
  command: { read: 0, write: 1, close: 2, flush: 3, trim: 4, zeroes: 6 },
  forceUnitAccess: 1,
} as const;

/** Has flags, can flush, forced unit access, trim. */
const FEATURES = 1 | 4 | 8 | 32;
const LONGEST = 32 * 2 ** 20;
const EIO = 5;
const EINVAL = 22;

export function serveNbd(socket: Duplex, disk: Disk): void {
  const bytes = reader(socket);
  const conversation = async (): Promise<void> => {
    if (await negotiate(socket, bytes, disk.size)) while (await answer(socket, bytes, disk));
    socket.end();
  };
  // The other end vanished, or talks nonsense: either way there is nobody to answer.
  conversation().catch(() => socket.destroy());
}

type Read = (length: number) => Promise<Buffer>;

/** @returns whether to go on with the transmission phase */
async function negotiate(socket: Duplex, read: Read, size: number): Promise<boolean> {
  const hello = Buffer.alloc(18);
  hello.writeBigUInt64BE(NBD.magic, 0);
  hello.writeBigUInt64BE(NBD.optionMagic, 8);
  hello.writeUInt16BE(3, 16);
  socket.write(hello);
  const clientFlags = (await read(4)).readUInt32BE(0);
  for (;;) {
    const head = await read(16);
    if (head.readBigUInt64BE(0) !== NBD.optionMagic) return false;
    const option = head.readUInt32BE(8);
    const length = head.readUInt32BE(12);
    if (length > 4096) return false;
    await read(length);
    if (option === NBD.option.exportName) {
      socket.write(Buffer.concat([exportInfo(size), Buffer.alloc(clientFlags & 2 ? 0 : 124)]));
      return true;
    }
    if (option === NBD.option.info || option === NBD.option.go) {
      socket.write(optionReply(option, NBD.reply.info, Buffer.concat([Buffer.alloc(2), exportInfo(size)])));
      socket.write(optionReply(option, NBD.reply.ack));
      if (option === NBD.option.go) return true;
    } else {
      const known = option === NBD.option.abort;
      socket.write(optionReply(option, known ? NBD.reply.ack : NBD.reply.unsupported));
      if (known) return false;
    }
  }
}

function exportInfo(size: number): Buffer {
  const info = Buffer.alloc(10);
  info.writeBigUInt64BE(BigInt(size), 0);
  info.writeUInt16BE(FEATURES, 8);
  return info;
}

function optionReply(option: number, type: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(20);
  head.writeBigUInt64BE(NBD.optionReplyMagic, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(type, 12);
  head.writeUInt32BE(data.length, 16);
  return Buffer.concat([head, data]);
}

/** @returns whether another request may follow */
async function answer(socket: Duplex, read: Read, disk: Disk): Promise<boolean> {
  const head = await read(28);
  if (head.readUInt32BE(0) !== NBD.requestMagic) throw new RangeError('not a request');
  const flags = head.readUInt16BE(4);
  const command = head.readUInt16BE(6);
  const at = Number(head.readBigUInt64BE(16));
  const length = head.readUInt32BE(24);
  const { read: READ, write: WRITE, close: CLOSE } = NBD.command;
  if (command === CLOSE) return false;
  const data = command === WRITE ? await read(length) : Buffer.alloc(0);
  const inside = at + length <= disk.size && (command !== READ || length <= LONGEST);
  const result = inside ? perform(disk, command, at, length, data, flags) : EINVAL;
  const reply = Buffer.alloc(16);
  reply.writeUInt32BE(NBD.replyMagic, 0);
  reply.writeUInt32BE(typeof result === 'number' ? result : 0, 4);
  head.copy(reply, 8, 8, 16);
  socket.write(reply);
  if (typeof result !== 'number' && result.length > 0) socket.write(result);
  return true;
}

/** @returns the bytes read, none for other commands, or an errno */
function perform(
  disk: Disk,
  command: number,
  at: number,
  length: number,
  data: Buffer,
  flags: number,
): Buffer | number {
  const none = Buffer.alloc(0);
  try {
    if (command === NBD.command.read) return disk.read(at, length);
    if (command === NBD.command.write) disk.write(at, data, (flags & NBD.forceUnitAccess) !== 0);
    else if (command === NBD.command.flush) disk.flush();
    else if (command !== NBD.command.trim) return EINVAL;
    return none;
  } catch {
    return EIO;
  }
}

/** Exactly so many bytes from a stream, one asker at a time. */
export function reader(socket: Duplex): Read {
  const end = { over: false };
  let wake = (): void => {};
  const over = (): void => {
    end.over = true;
    wake();
  };
  socket.on('end', over);
  socket.on('close', over);
  socket.on('error', over);
  socket.on('readable', () => wake());
  return async (length) => {
    if (length > LONGEST + 28) throw new RangeError('too long');
    const parts: Buffer[] = [];
    for (let lacking = length; lacking > 0;) {
      const some = (socket.read(Math.min(lacking, socket.readableLength || lacking)) ??
        null) as Buffer | null;
      if (some) {
        parts.push(some);
        lacking -= some.length;
      } else if (end.over) throw new RangeError('the stream ended');
      else await new Promise<void>((resolve) => void (wake = resolve));
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  };
}
