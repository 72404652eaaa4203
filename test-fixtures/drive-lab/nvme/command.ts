// A command as it comes, a completion as it goes (Base 1.4, 4.2 and 4.6), and where its data is (Fabrics 1.1, 2.3).
import { STATUS, type Status } from './words.ts';

export const COMMAND_BYTES = 64;
export const COMPLETION_BYTES = 16;

export type Command = {
  opcode: number;
  cid: number;
  nsid: number;
  /** Command dwords 10 to 15. */
  cdw10: number;
  cdw11: number;
  cdw12: number;
  cdw13: number;
  cdw14: number;
  cdw15: number;
  data: DataPlace;
  /** All 64 bytes, for what only Fabrics commands have. */
  bytes: Buffer;
};

/** In the capsule itself, or sent by PDUs of their own; anything else is no descriptor of NVMe/TCP. */
type DataPlace = { in: 'capsule' | 'transport'; length: number } | { in: 'nonsense'; length: 0 };

/** What a command came to. `result` is the command specific value, dwords 0 and 1 of the completion. */
export type Outcome = { status: Status; result?: bigint; data?: Buffer };

export const DONE: Outcome = { status: 'success' };

export function refused(status: Status): Outcome {
  return { status };
}

export function commandOf(bytes: Buffer): Command {
  return {
    opcode: bytes.readUInt8(0),
    cid: bytes.readUInt16LE(2),
    nsid: bytes.readUInt32LE(4),
    data: placeOf(bytes),
    cdw10: bytes.readUInt32LE(40),
    cdw11: bytes.readUInt32LE(44),
    cdw12: bytes.readUInt32LE(48),
    cdw13: bytes.readUInt32LE(52),
    cdw14: bytes.readUInt32LE(56),
    cdw15: bytes.readUInt32LE(60),
    bytes,
  };
}

/** SGL data block with an offset: in the capsule. Transport SGL data block: by PDUs. None: no data. */
function placeOf(bytes: Buffer): DataPlace {
  const [length, type] = [bytes.readUInt32LE(32), bytes.readUInt8(39)];
  if (type === 0x01) return { in: 'capsule', length };
  if (type === 0x5a || length === 0) return { in: 'transport', length };
  return { in: 'nonsense', length: 0 };
}

/** Bits 1:0 of an opcode say which way data goes; of a Fabrics command, those of its type. */
export function hostSends({ opcode, bytes }: Command, fabrics: boolean): boolean {
  return ((fabrics ? bytes.readUInt8(4) : opcode) & 3) === 1;
}

const DO_NOT_RETRY = 0x4000;

/** @param queueHead how far the target has read the queue */
export function completionOf(command: Command, outcome: Outcome, queue: number, queueHead: number): Buffer {
  const bytes = Buffer.alloc(COMPLETION_BYTES);
  bytes.writeBigUInt64LE(outcome.result ?? 0n, 0);
  bytes.writeUInt16LE(queueHead, 8);
  bytes.writeUInt16LE(queue, 10);
  bytes.writeUInt16LE(command.cid, 12);
  const status = STATUS[outcome.status] | (retriable(outcome.status) ? 0 : DO_NOT_RETRY);
  bytes.writeUInt16LE(status << 1, 14);
  return bytes;
}

/** A drive that fails does so again: a host that tries five times learns nothing more. One without power comes back. */
function retriable(status: Status): boolean {
  return status === 'success' || status === 'controller-busy';
}
