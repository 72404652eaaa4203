// One initiator's connection to one drive: login, then commands, each with its data, answered as they come.
import type { Socket } from 'node:net';
import { reader } from '../../virtual-laptop/nbd.ts';
import { OP, type ScsiAnswer, type ScsiCommand } from '../scsi/command.ts';
import { descriptorSense, fixedSense, type Sense, SENSE } from '../scsi/sense.ts';
import { answerKeys, BURST, type Keys, parseKeys, writeKeys } from './keys.ts';
import { FINAL, LONGEST_SEGMENT, NO_TAG, type Pdu, pdu, readPdu, REQUEST, RESPONSE } from './pdu.ts';

export type LogicalUnit = {
  execute(command: ScsiCommand): Promise<ScsiAnswer>;
  /** The host gave up on what it asked. */
  reset(): void;
  /** What the way to the host does to sense data. */
  sense(): 'asked-for' | 'fixed';
};

export type Portal = {
  unit(targetName: string): LogicalUnit | null;
  names: () => string[];
  address: string;
  /** A session has begun. */
  joined(targetName: string, socket: Socket): void;
};

type Writing = { command: ScsiCommand; parts: Buffer; have: number; pdu: Pdu };

const WINDOW = 64;
const LONGEST_WRITE = 32 * 2 ** 20;
const SENSE_KEPT_MS = 3000;
const STATUS = { good: 0x00, check: 0x02, busy: 0x08 } as const;

/** Serves until the connection ends; what breaks the protocol ends it. */
export async function serve(socket: Socket, portal: Portal): Promise<void> {
  const session = makeSession(socket, portal);
  try {
    for (const read = reader(socket); ;) if (!session.take(await readPdu(read))) break;
    socket.end();
  } catch {
    socket.destroy();
  }
}

function makeSession(socket: Socket, portal: Portal): { take(each: Pdu): boolean } {
  let [statSn, expected, unit] = [1, 0, null as LogicalUnit | null];
  let segment = 8192;
  let pending: { sense: Sense; at: number } | null = null;
  const writing = new Map<number, Writing>();
  const keys = new Map<string, string>();
  const aborted = new Set<number>();

  const send = (parts: Buffer[]): void => {
    if (!socket.destroyed) for (const part of parts) socket.write(part);
  };
  /** Every answer counts; data on its way does not. */
  const counters = (head: Buffer, counts = true): void => {
    head.writeUInt32BE(statSn >>> 0, 24);
    head.writeUInt32BE(expected >>> 0, 28);
    head.writeUInt32BE((expected + WINDOW) >>> 0, 32);
    if (counts) statSn += 1;
  };
  const reply = (opcode: number, to: Pdu, fill: (head: Buffer) => void = () => {}, data?: Buffer): void =>
    send(pdu(opcode, FINAL, to.tag, (head) => (counters(head), fill(head)), data));

  const login = (to: Pdu): boolean => {
    for (const [key, value] of parseKeys(to.data)) keys.set(key, value);
    const name = keys.get('TargetName');
    unit = name === undefined ? null : portal.unit(name);
    segment = Math.min(Number(keys.get('MaxRecvDataSegmentLength')) || segment, LONGEST_SEGMENT);
    expected = to.head.readUInt32BE(24);
    const known = keys.get('SessionType') === 'Discovery' || unit !== null;
    const data = writeKeys([['TargetPortalGroupTag', '1'], ...answerKeys(parseKeys(to.data))]);
    const head = loginHead(to, counters, known);
    send(pdu(RESPONSE.login, known ? to.flags & 0x8f : 0, to.tag, head, known ? data : undefined));
    if (known && name !== undefined && (to.flags & 0x83) === 0x83) portal.joined(name, socket);
    return known;
  };

  const answer = (to: Pdu, given: ScsiAnswer): void => {
    if (aborted.delete(to.tag)) return;
    const wanted = to.head.readUInt32BE(20);
    const data = 'data' in given && given.data ? given.data.subarray(0, wanted) : Buffer.alloc(0);
    for (let at = 0; at < data.length; at += segment) {
      const last = at + segment >= data.length;
      const fill = (head: Buffer): void => {
        counters(head, false);
        head.writeUInt32BE(NO_TAG, 20);
        head.writeUInt32BE(at / segment, 36);
        head.writeUInt32BE(at, 40);
      };
      send(pdu(RESPONSE.dataIn, last ? FINAL : 0, to.tag, fill, data.subarray(at, at + segment)));
    }
    const sense = given.status === 'check' ? tell(given.sense) : undefined;
    const reads = (to.flags & 0x40) !== 0;
    const residual = reads ? wanted - data.length : 0;
    const fill = (head: Buffer): void => {
      counters(head);
      head[3] = STATUS[given.status];
      head.writeUInt32BE(Math.ceil(data.length / segment), 36);
      head.writeUInt32BE(residual, 44);
    };
    send(pdu(RESPONSE.command, FINAL | (residual > 0 ? 2 : 0), to.tag, fill, sense));
  };

  /**
   * QEMU makes fixed sense of what comes with the status, and the ATA registers are lost. Without any, the guest asks
   * by REQUEST SENSE, and that answer reaches it as it is.
   */
  const tell = (sense: Sense): Buffer | undefined => {
    if (unit?.sense() !== 'fixed') {
      pending = { sense, at: performance.now() };
      return undefined;
    }
    const bytes = fixedSense(sense);
    return Buffer.concat([Buffer.of(0, bytes.length), bytes]);
  };

  const perform = (to: Pdu, command: ScsiCommand): void => {
    if (pending && performance.now() - pending.at > SENSE_KEPT_MS) pending = null;
    if (pending && command.cdb[0] === OP.requestSense) {
      const bytes = descriptorSense(pending.sense).subarray(0, command.cdb[4]);
      pending = null;
      return answer(to, { status: 'good', data: bytes });
    }
    if (pending) return answer(to, { status: 'busy' });
    const elsewhere = otherUnit(to.head[9]!, command);
    if (elsewhere) return answer(to, elsewhere);
    const running = unit!.execute(command);
    running.then(
      (given) => answer(to, given),
      () => socket.destroy(),
    );
  };

  const begin = (to: Pdu): boolean => {
    const size = to.head.readUInt32BE(20);
    const cdb = Buffer.from(to.head.subarray(32, 48));
    const writes = (to.flags & 0x20) !== 0;
    if (unit === null || (writes && size > LONGEST_WRITE) || writing.size > WINDOW) return false;
    const command = { cdb, data: to.data, expected: size };
    if (!writes || to.data.length >= size) perform(to, command);
    else {
      const parts = Buffer.alloc(size);
      to.data.copy(parts);
      const one = { command, parts, have: to.data.length, pdu: to };
      writing.set(to.tag, one);
      ask(one);
    }
    return true;
  };
  const ask = ({ have, parts, pdu: to }: Writing): void => {
    const fill = (head: Buffer): void => {
      to.head.copy(head, 8, 8, 16);
      counters(head, false);
      head.writeUInt32BE(to.tag, 20);
      head.writeUInt32BE(have, 40);
      head.writeUInt32BE(Math.min(BURST, parts.length - have), 44);
    };
    send(pdu(RESPONSE.readyToTransfer, FINAL, to.tag, fill));
  };
  const dataOut = (from: Pdu): boolean => {
    const one = writing.get(from.tag);
    if (!one) return aborted.has(from.tag);
    const at = from.head.readUInt32BE(40);
    if (at !== one.have || at + from.data.length > one.parts.length) return false;
    from.data.copy(one.parts, at);
    one.have += from.data.length;
    if (one.have < one.parts.length) {
      if ((from.flags & FINAL) !== 0) ask(one);
      return true;
    }
    writing.delete(from.tag);
    perform(one.pdu, { ...one.command, data: one.parts });
    return true;
  };

  /** Aborts and resets: what was asked is not answered any more. */
  const task = (to: Pdu): void => {
    const about = to.head.readUInt32BE(20);
    pending = null;
    writing.delete(about);
    if ((to.flags & 0x7f) === 1 && aborted.size < WINDOW) aborted.add(about);
    unit?.reset();
    reply(RESPONSE.task, to);
  };

  const take = (each: Pdu): boolean => {
    if (each.opcode === REQUEST.login) return login(each);
    if (keys.size === 0) return false;
    if (!each.immediate && each.opcode !== REQUEST.dataOut) expected = (each.head.readUInt32BE(24) + 1) >>> 0;
    switch (each.opcode) {
      case REQUEST.nop:
        if (each.tag !== NO_TAG)
          reply(RESPONSE.nop, each, (head) => head.writeUInt32BE(NO_TAG, 20), each.data);
        return true;
      case REQUEST.command:
        return begin(each);
      case REQUEST.dataOut:
        return dataOut(each);
      case REQUEST.task:
        task(each);
        return true;
      case REQUEST.text:
        reply(RESPONSE.text, each, (head) => head.writeUInt32BE(NO_TAG, 20), targetsOf(each, portal));
        return true;
      case REQUEST.logout:
        reply(RESPONSE.logout, each);
        return false;
      default:
        return false;
    }
  };
  return { take };
}

function loginHead(to: Pdu, counters: (head: Buffer) => void, known: boolean): (head: Buffer) => void {
  return (head) => {
    to.head.copy(head, 8, 8, 14);
    head.writeUInt16BE(1, 14);
    counters(head);
    // "Not found" (RFC 7143 11.13.5).
    if (!known) head.writeUInt16BE(0x0203, 36);
  };
}

/** The drive is unit 1; at unit 0 there is nothing but the list of units. */
function otherUnit(lun: number, { cdb }: ScsiCommand): ScsiAnswer | null {
  if (lun === 1 || cdb[0] === OP.reportLuns) return null;
  if (cdb[0] === OP.inquiry) return { status: 'good', data: Buffer.of(0x7f, 0, 6, 2, 0) };
  return { status: 'check', sense: SENSE.noSuchUnit() };
}

function targetsOf(asked: Pdu, { names, address }: Portal): Buffer {
  const keys: Keys = parseKeys(asked.data);
  if (!keys.has('SendTargets')) return Buffer.alloc(0);
  return writeKeys(
    names().flatMap((name) => [
      ['TargetName', name],
      ['TargetAddress', `${address},1`],
    ]),
  );
}
