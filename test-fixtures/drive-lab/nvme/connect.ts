// The Connect command and its data (NVMe over Fabrics 1.1, 3.3, figures 19 and 20).
import type { Command } from './command.ts';

export type ConnectRequest = {
  /** 0 for the admin queue. */
  queue: number;
  entries: number;
  /** Keep alive timeout, in milliseconds; 0 for none. */
  keepAlive: number;
  /** FFFFh asks for a new controller. */
  controller: number;
  subsystem: string;
  host: string;
};

export const ANY_CONTROLLER = 0xffff;
const DATA_BYTES = 1024;

/** @returns null for what is no Connect of this version */
export function connectRequestOf({ bytes }: Command, data: Buffer): ConnectRequest | null {
  if (data.length < DATA_BYTES || bytes.readUInt16LE(40) !== 0) return null;
  return {
    queue: bytes.readUInt16LE(42),
    entries: bytes.readUInt16LE(44) + 1,
    keepAlive: bytes.readUInt32LE(48),
    controller: data.readUInt16LE(16),
    subsystem: textOf(data.subarray(256, 512)),
    host: textOf(data.subarray(512, 768)),
  };
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
