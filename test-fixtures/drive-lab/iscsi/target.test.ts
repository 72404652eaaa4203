import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { reader } from '../../virtual-laptop/nbd.ts';
import { type LabDrive, openLab } from '../lab.ts';
import type { Misbehaviour } from '../misbehaviour.ts';
import { type Pdu, pdu, readPdu, REQUEST, RESPONSE } from './pdu.ts';

type Asked = { data?: Buffer; expected?: number; out?: Buffer };

/** An initiator that says what a test has it say. */
async function initiator(port: number, target: string) {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const read = reader(socket);
  let [tag, sn] = [1, 0];
  const send = (opcode: number, flags: number, fill: (head: Buffer) => void, data?: Buffer): number => {
    tag += 1;
    for (const part of pdu(opcode, flags, tag, fill, data)) socket.write(part);
    return tag;
  };
  const keys = `InitiatorName=iqn.test\0TargetName=${target}\0SessionType=Normal\0MaxRecvDataSegmentLength=4096\0`;
  send(REQUEST.login | 0x40, 0x87, () => {}, Buffer.from(keys));
  const login = await readPdu(read);

  /** All that comes until the answer of a command. */
  const command = async (cdb: number[], { data, expected = 0, out }: Asked = {}) => {
    sn += 1;
    const fill = (head: Buffer): void => {
      head[9] = 1;
      head.writeUInt32BE(out ? out.length : expected, 20);
      head.writeUInt32BE(sn, 24);
      Buffer.from(cdb).copy(head, 32);
    };
    const mine = send(REQUEST.command, out ? 0xa1 : 0xc1, fill, data);
    const parts: Buffer[] = [];
    for (;;) {
      const next = await readPdu(read);
      if (next.opcode === RESPONSE.dataIn) parts.push(Buffer.from(next.data));
      else if (next.opcode === RESPONSE.readyToTransfer) give(next, mine, out!);
      else return { answer: next, data: Buffer.concat(parts), status: next.head[3]! };
    }
  };
  const give = (ready: Pdu, mine: number, out: Buffer): void => {
    const at = ready.head.readUInt32BE(40);
    const fill = (head: Buffer): void => {
      ready.head.copy(head, 20, 20, 24);
      head.writeUInt32BE(at, 40);
    };
    const piece = out.subarray(at, at + ready.head.readUInt32BE(44));
    for (const part of pdu(REQUEST.dataOut, 0x80, mine, fill, piece)) socket.write(part);
  };
  return { socket, read, login, send, command, [Symbol.dispose]: () => void socket.destroy() };
}

const INQUIRY = [0x12, 0, 0, 0, 96, 0];
const REQUEST_SENSE = [0x03, 0, 0, 0, 96, 0];
const BAD_READ = [0x28, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 1, 0];
const read = (lba: number, count: number) => [0x28, 0, 0, 0, 0, lba, 0, 0, count, 0];
const write = (lba: number, count: number) => [0x2a, 0, 0, 0, 0, lba, 0, 0, count, 0];

async function open(...misbehaviours: Misbehaviour[]) {
  const lab = await openLab();
  const drive = lab.ata({ size: '1M', misbehaviours });
  const session = await initiator(lab.port, drive.name);
  return { lab, drive, ...session, [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
}

describe('the iSCSI target', () => {
  it('logs in to a drive by its name, and to no other', async () => {
    await using it = await open();
    expect([it.login.opcode, it.login.head[36]]).toEqual([RESPONSE.login, 0]);
    using other = await initiator(it.lab.port, 'iqn.none');
    expect(other.login.head.readUInt16BE(36)).toBe(0x0203);
  });

  it('sends data in pieces as large as the initiator takes, and the rest as residual', async () => {
    await using it = await open();
    const { data, answer } = await it.command(read(0, 20), { expected: 20 * 512 });
    expect(data.equals(it.drive.store.ownerData({ start: 0, end: 20 * 512 }))).toBe(true);
    expect(answer.head.readUInt32BE(36)).toBe(3);
    const short = await it.command(INQUIRY, { expected: 255 });
    expect([short.data.length, short.answer.head.readUInt32BE(44)]).toEqual([96, 159]);
  });

  it('takes data with a command, and asks for what did not come with it', async () => {
    await using it = await open();
    const out = Buffer.from(Array.from({ length: 4096 }, (_, at) => at % 251));
    await it.command(write(1, 8), { out, data: out.subarray(0, 1000) });
    expect(it.drive.store.read({ start: 512, end: 512 + 4096 }).equals(out)).toBe(true);
  });

  it('keeps sense until it is asked for, and is busy meanwhile', async () => {
    await using it = await open();
    const refused = await it.command(BAD_READ, { expected: 512 });
    expect([refused.status, refused.answer.data.length]).toEqual([2, 0]);
    expect((await it.command(INQUIRY, { expected: 96 })).status).toBe(8);
    const sense = await it.command(REQUEST_SENSE, { expected: 96 });
    expect([...sense.data.subarray(0, 4)]).toEqual([0x72, 5, 0x21, 0]);
    expect((await it.command(INQUIRY, { expected: 96 })).status).toBe(0);
  });

  it('forgets sense when a task is managed', async () => {
    await using it = await open();
    await it.command(BAD_READ, { expected: 512 });
    it.send(REQUEST.task | 0x40, 0x81, () => {});
    expect((await readPdu(it.read)).opcode).toBe(RESPONSE.task);
    expect((await it.command(INQUIRY, { expected: 96 })).status).toBe(0);
  });

  it('of a bad bridge comes with fixed sense, without the registers', async () => {
    await using it = await open({ kind: 'exit-0-with-error-sense' });
    const refused = await it.command(BAD_READ, { expected: 512 });
    expect([refused.status, refused.answer.data[2]]).toEqual([2, 0x70]);
  });

  it('answers a ping while the drive is busy', async () => {
    await using it = await open({ kind: 'stuck-at', percent: 1 });
    await eraseInto(it.drive, it.command);
    it.send(REQUEST.nop | 0x40, 0x80, () => {}, Buffer.from('ping'));
    const pong = await readPdu(it.read);
    expect([pong.opcode, pong.data.toString()]).toEqual([RESPONSE.nop, 'ping']);
  });

  it('drops the connection when power goes, and takes the initiator back', async () => {
    await using it = await open();
    const ended = new Promise((done) => it.socket.once('close', done));
    it.drive.powerCycle({ drop: true });
    await ended;
    using again = await initiator(it.lab.port, it.drive.name);
    expect((await again.command(INQUIRY, { expected: 96 })).data.toString('latin1', 8, 11)).toBe('ATA');
  });

  it('ends a connection that breaks the protocol', async () => {
    await using it = await open();
    const ended = new Promise((done) => it.socket.once('close', done));
    it.socket.write(Buffer.alloc(48, 0xff));
    await ended;
    expect(it.socket.destroyed).toBe(true);
  });
});

/** Leaves a security erase running. */
async function eraseInto(
  drive: LabDrive,
  command: (cdb: number[], asked: Asked) => Promise<unknown>,
): Promise<void> {
  const block = Buffer.alloc(512);
  const pass = (code: number, protocol: number) => [
    0x85,
    protocol << 1,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    code,
  ];
  await command(pass(0xf1, 5), { out: block, data: block });
  await command(pass(0xf3, 3), {});
  void command(pass(0xf4, 5), { out: block, data: block }).catch(() => {});
  while (!drive.log.at(-1)?.words.includes('securityEraseUnit')) await new Promise(setImmediate);
}
