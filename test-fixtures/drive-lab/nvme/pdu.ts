// Protocol data units of NVMe/TCP (NVMe over Fabrics 1.1, 7.4.10): bytes to PDUs and back. Nothing here has a socket.
import { COMMAND_BYTES, COMPLETION_BYTES } from './command.ts';

export const PDU = {
  initialize: 0x00,
  initialized: 0x01,
  hostTerminates: 0x02,
  targetTerminates: 0x03,
  command: 0x04,
  response: 0x05,
  hostData: 0x06,
  targetData: 0x07,
  readyToTransfer: 0x09,
} as const;

export type Pdu = { type: number; flags: number; header: Buffer; data: Buffer };

export type PduErrorCode = 'bad-header' | 'too-long' | 'digest-wanted' | 'wrong-version' | 'unexpected';

export class PduError extends Error {
  override readonly name = 'PduError';
  readonly code: PduErrorCode;
  constructor(code: PduErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const COMMON = 8;
/** Length of each header that a host may send (figure 85 and following). */
const HEADERS: Record<number, number> = {
  [PDU.initialize]: 128,
  [PDU.hostTerminates]: 24,
  [PDU.command]: COMMON + COMMAND_BYTES,
  [PDU.hostData]: 24,
};
/** What the target takes in one PDU: MAXH2CDATA of its ICResp. */
const MOST_DATA = 256 * 1024;
/** What a capsule may carry: IOCCSZ of Identify, and as much for the admin queue, which Linux takes for granted. */
export const IN_CAPSULE = 8192;

/** Cuts a stream into PDUs. @throws PduError for a header that no host of this protocol sends */
export function pduSplitter(): (chunk: Buffer) => Pdu[] {
  let chunks: Buffer[] = [];
  let held = 0;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    const found: Pdu[] = [];
    for (;;) {
      if (held < COMMON) return found;
      if (chunks[0]!.length < COMMON) chunks = [Buffer.concat(chunks)];
      const total = checkedLength(chunks[0]!);
      if (held < total) return found;
      if (chunks[0]!.length < total) chunks = [Buffer.concat(chunks)];
      const first = chunks[0]!;
      found.push(pduOf(first.subarray(0, total)));
      held -= total;
      if (first.length > total) chunks[0] = first.subarray(total);
      else chunks.shift();
    }
  };
}

function checkedLength(bytes: Buffer): number {
  const [type, headerLength, total] = [bytes.readUInt8(0), bytes.readUInt8(2), bytes.readUInt32LE(4)];
  const expected = HEADERS[type];
  if (expected === undefined) throw new PduError('unexpected', `a PDU of type ${type}`);
  if (headerLength !== expected || total < expected)
    throw new PduError('bad-header', `a header of ${headerLength} bytes for type ${type}`);
  if (total > expected + MOST_DATA + 256) throw new PduError('too-long', `a PDU of ${total} bytes`);
  return total;
}

function pduOf(bytes: Buffer): Pdu {
  const [headerLength, dataAt] = [bytes.readUInt8(2), bytes.readUInt8(3)];
  const from = dataAt === 0 ? bytes.length : dataAt;
  if (from < headerLength || from > bytes.length) throw new PduError('bad-header', `data at ${dataAt}`);
  return {
    type: bytes.readUInt8(0),
    flags: bytes.readUInt8(1),
    header: bytes.subarray(0, headerLength),
    data: bytes.subarray(from),
  };
}

/** Answers ICReq. @throws PduError when a digest is asked for: the lab grants none, and Linux insists then */
export function initializedFor({ header }: Pdu): Buffer {
  if (header.readUInt16LE(8) !== 0) throw new PduError('wrong-version', 'a PDU format version other than 0');
  if ((header.readUInt8(11) & 3) !== 0) throw new PduError('digest-wanted', 'digests are not granted');
  const bytes = pduBytes(PDU.initialized, 0, 128);
  bytes.writeUInt32LE(MOST_DATA, 12);
  return bytes;
}

export function responsePdu(completion: Buffer): Buffer {
  const bytes = pduBytes(PDU.response, 0, COMMON + COMPLETION_BYTES);
  completion.copy(bytes, COMMON);
  return bytes;
}

const LAST = 4;

/** Data for the host, in one PDU: the response follows apart. */
export function targetDataPdus(cid: number, data: Buffer): Buffer[] {
  const header = pduBytes(PDU.targetData, LAST, 24, data.length);
  header.writeUInt8(24, 3);
  header.writeUInt16LE(cid, 8);
  header.writeUInt32LE(data.length, 16);
  return [header, data];
}

/** Asks for `length` bytes of a command's data from `offset` on; `tag` comes back with them. */
export function readyToTransferPdu(cid: number, tag: number, offset: number, length: number): Buffer {
  const bytes = pduBytes(PDU.readyToTransfer, 0, 24);
  bytes.writeUInt16LE(cid, 8);
  bytes.writeUInt16LE(tag, 10);
  bytes.writeUInt32LE(offset, 12);
  bytes.writeUInt32LE(length, 16);
  return bytes;
}

export type HostData = { cid: number; tag: number; offset: number; data: Buffer; last: boolean };

export function hostDataOf({ header, data, flags }: Pdu): HostData {
  if (header.readUInt32LE(16) !== data.length) throw new PduError('bad-header', 'data of another length');
  return {
    cid: header.readUInt16LE(8),
    tag: header.readUInt16LE(10),
    offset: header.readUInt32LE(12),
    data,
    last: (flags & LAST) !== 0,
  };
}

const FATAL: Record<PduErrorCode, number> = {
  'bad-header': 0x01,
  'too-long': 0x05,
  unexpected: 0x02,
  'digest-wanted': 0x06,
  'wrong-version': 0x06,
};

/** C2HTermReq: the last words before the socket is closed. */
export function terminatePdu(error: PduError): Buffer {
  const bytes = pduBytes(PDU.targetTerminates, 0, 24);
  bytes.writeUInt16LE(FATAL[error.code], 8);
  return bytes;
}

function pduBytes(type: number, flags: number, headerLength: number, dataLength = 0): Buffer {
  const bytes = Buffer.alloc(headerLength);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt8(flags, 1);
  bytes.writeUInt8(headerLength, 2);
  bytes.writeUInt32LE(headerLength + dataLength, 4);
  return bytes;
}
