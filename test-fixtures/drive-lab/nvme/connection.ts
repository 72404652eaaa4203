// One socket is one queue (NVMe over Fabrics 1.1, 7.4): PDUs come in, commands go to whoever the Connect led to.
import type { Socket } from 'node:net';
import { type Command, commandOf, completionOf, hostSends, type Outcome, refused } from './command.ts';
import {
  hostDataOf,
  initializedFor,
  PDU,
  type Pdu,
  PduError,
  pduSplitter,
  readyToTransferPdu,
  responsePdu,
  targetDataPdus,
  terminatePdu,
} from './pdu.ts';
import { type ConnectRequest, connectRequestOf } from './connect.ts';
import { FABRICS, FABRICS_TYPE } from './words.ts';

/** `silence`: no answer, now or later. */
export type Answer = Outcome | 'silence';

export type Queue = {
  id: number;
  /** Answer to the Connect that opened it. */
  connected: Outcome;
  perform(command: Command, data: Buffer): Promise<Answer>;
  /** The socket has ended, by whichever side. */
  ended(): void;
};

export type Accept = (request: ConnectRequest, line: Line) => Queue | Outcome;

/** What a queue may do to its connection. */
export type Line = {
  /** Nothing more is read or answered; the socket stays. */
  mute(): void;
  hangUp(): void;
};

/** MDTS of the lab's controllers: 2^8 pages of 4 KiB. */
const MOST_TRANSFER = 2 ** 20;
const QUEUE_ENTRIES = 128;

type Transfer = { command: Command; data: Buffer; received: number };

export function serveConnection(socket: Socket, accept: Accept): void {
  const split = pduSplitter();
  const transfers = new Map<number, Transfer>();
  let phase: 'new' | 'initialized' | 'terminated' = 'new';
  let queue: Queue | null = null;
  let muted = false;
  let read = 0;
  let nextTag = 0;

  const send = (...parts: Buffer[]): void => {
    if (muted || socket.destroyed) return;
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
  };
  const line: Line = { mute: () => void (muted = true), hangUp: () => void socket.destroy() };

  const answer = (command: Command, answered: Answer): void => {
    if (answered === 'silence') return;
    const fabrics = command.opcode === FABRICS;
    const completion = responsePdu(completionOf(command, answered, queue?.id ?? 0, read % QUEUE_ENTRIES));
    const wanted = answered.status === 'success' && !hostSends(command, fabrics) ? command.data.length : 0;
    if (wanted === 0) return send(completion);
    send(...targetDataPdus(command.cid, exactly(answered.data ?? Buffer.alloc(0), wanted)), completion);
  };

  const perform = (command: Command, data: Buffer): void => {
    if (queue) {
      void queue.perform(command, data).then((answered) => answer(command, answered), fail);
      return;
    }
    const opened = open(command, data);
    if ('status' in opened) return answer(command, opened);
    queue = opened;
    answer(command, opened.connected);
  };

  const open = (command: Command, data: Buffer): ReturnType<Accept> => {
    const connects = command.opcode === FABRICS && command.bytes.readUInt8(4) === FABRICS_TYPE.connect;
    if (!connects) return refused('sequence-error');
    const request = connectRequestOf(command, data);
    return request ? accept(request, line) : refused('connect-invalid-parameters');
  };

  const takeCommand = (pdu: Pdu): void => {
    read += 1;
    const command = commandOf(Buffer.from(pdu.header.subarray(8)));
    const { in: place, length } = command.data;
    if (place === 'nonsense' || length > MOST_TRANSFER) return answer(command, refused('invalid-field'));
    if (place === 'capsule' || length === 0 || !hostSends(command, command.opcode === FABRICS))
      return perform(command, pdu.data);
    if (transfers.size >= QUEUE_ENTRIES)
      throw new PduError('unexpected', 'more commands than the queue holds');
    while (transfers.has(nextTag)) nextTag = (nextTag + 1) % 0x10000;
    transfers.set(nextTag, { command, data: Buffer.alloc(length), received: 0 });
    send(readyToTransferPdu(command.cid, nextTag, 0, length));
    nextTag = (nextTag + 1) % 0x10000;
  };

  const takeData = (pdu: Pdu): void => {
    const { tag, cid, offset, data } = hostDataOf(pdu);
    const transfer = transfers.get(tag);
    if (!transfer || transfer.command.cid !== cid) throw new PduError('unexpected', `data for no command`);
    if (offset !== transfer.received || offset + data.length > transfer.data.length)
      throw new PduError('bad-header', `data at ${offset} instead of ${transfer.received}`);
    data.copy(transfer.data, offset);
    transfer.received += data.length;
    if (transfer.received < transfer.data.length) return;
    transfers.delete(tag);
    perform(transfer.command, transfer.data);
  };

  const take = (pdu: Pdu): void => {
    if (pdu.type === PDU.hostTerminates) return line.hangUp();
    if ((pdu.type === PDU.initialize) !== (phase === 'new'))
      throw new PduError('unexpected', 'initialized once, and first');
    if (pdu.type === PDU.initialize) {
      send(initializedFor(pdu));
      phase = 'initialized';
    } else if (pdu.type === PDU.command) takeCommand(pdu);
    else takeData(pdu);
  };

  const fail = (error: unknown): void => {
    phase = 'terminated';
    if (error instanceof PduError) socket.end(terminatePdu(error));
    else socket.destroy(error as Error);
  };

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    if (muted || phase === 'terminated') return;
    try {
      for (const pdu of split(chunk)) take(pdu);
    } catch (error) {
      fail(error);
    }
  });
  // A guest whose power is pulled ends like this; there is nobody to tell.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    muted = true;
    queue?.ended();
  });
}

/** What a host asked for, neither more nor less: Linux waits for every byte. */
function exactly(data: Buffer, length: number): Buffer {
  if (data.length >= length) return data.subarray(0, length);
  return Buffer.concat([data, Buffer.alloc(length - data.length)]);
}
