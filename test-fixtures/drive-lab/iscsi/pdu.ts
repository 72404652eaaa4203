// The units of iSCSI (RFC 7143 11): a head of 48 bytes, and data padded to four.

export const REQUEST = {
  nop: 0x00,
  command: 0x01,
  task: 0x02,
  login: 0x03,
  text: 0x04,
  dataOut: 0x05,
  logout: 0x06,
} as const;

export const RESPONSE = {
  nop: 0x20,
  command: 0x21,
  task: 0x22,
  login: 0x23,
  text: 0x24,
  dataIn: 0x25,
  logout: 0x26,
  readyToTransfer: 0x31,
  reject: 0x3f,
} as const;

export type Pdu = {
  opcode: number;
  immediate: boolean;
  flags: number;
  head: Buffer;
  data: Buffer;
  tag: number;
};

export type Read = (length: number) => Promise<Buffer>;

export const LONGEST_SEGMENT = 262_144;
export const NO_TAG = 0xffff_ffff;
export const FINAL = 0x80;

export async function readPdu(read: Read): Promise<Pdu> {
  const head = await read(48);
  const length = head.readUIntBE(5, 3);
  if (length > LONGEST_SEGMENT) throw new RangeError('a data segment longer than was agreed on');
  const extra = head[4]! * 4;
  if (extra > 0) await read(extra);
  const data = length > 0 ? (await read(length + padding(length))).subarray(0, length) : Buffer.alloc(0);
  return {
    opcode: head[0]! & 0x3f,
    immediate: (head[0]! & 0x40) !== 0,
    flags: head[1]!,
    head,
    data,
    tag: head.readUInt32BE(16),
  };
}

/** @param fill writes what is the kind's own into the head */
export function pdu(
  opcode: number,
  flags: number,
  tag: number,
  fill: (head: Buffer) => void,
  data: Uint8Array = Buffer.alloc(0),
): Buffer[] {
  const head = Buffer.alloc(48);
  head[0] = opcode;
  head[1] = flags;
  head.writeUIntBE(data.length, 5, 3);
  head.writeUInt32BE(tag, 16);
  fill(head);
  const pad = padding(data.length);
  return [head, ...(data.length > 0 ? [Buffer.from(data)] : []), ...(pad > 0 ? [Buffer.alloc(pad)] : [])];
}

function padding(length: number): number {
  return -length & 3;
}
