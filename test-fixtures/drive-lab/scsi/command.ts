// One SCSI command and its answer, whatever the transport.
import type { Sense } from './sense.ts';

export type ScsiCommand = {
  cdb: Buffer;
  /** What came with it; empty for none. */
  data: Buffer;
  /** How much the host takes. */
  expected: number;
};

export type ScsiAnswer =
  | { status: 'good'; data?: Buffer }
  /** Data may come with a check condition, as from IDENTIFY with CK_COND. */
  | { status: 'check'; sense: Sense; data?: Buffer }
  | { status: 'busy' };

export const good = (data?: Buffer): ScsiAnswer => (data ? { status: 'good', data } : { status: 'good' });
export const check = (sense: Sense): ScsiAnswer => ({ status: 'check', sense });

export const OP = {
  testUnitReady: 0x00,
  requestSense: 0x03,
  formatUnit: 0x04,
  read6: 0x08,
  write6: 0x0a,
  inquiry: 0x12,
  modeSelect6: 0x15,
  modeSense6: 0x1a,
  startStop: 0x1b,
  sendDiagnostic: 0x1d,
  preventRemoval: 0x1e,
  readCapacity10: 0x25,
  read10: 0x28,
  write10: 0x2a,
  verify10: 0x2f,
  synchronize10: 0x35,
  writeSame10: 0x41,
  unmap: 0x42,
  sanitize: 0x48,
  logSense: 0x4d,
  modeSelect10: 0x55,
  modeSense10: 0x5a,
  ata16: 0x85,
  read16: 0x88,
  write16: 0x8a,
  verify16: 0x8f,
  synchronize16: 0x91,
  writeSame16: 0x93,
  serviceIn16: 0x9e,
  reportLuns: 0xa0,
  ata12: 0xa1,
  maintenanceIn: 0xa3,
  read12: 0xa8,
  write12: 0xaa,
} as const;

export type OpName = keyof typeof OP;

const NAMES: ReadonlyMap<number, OpName> = new Map(
  Object.entries(OP).map(([name, code]) => [code, name as OpName]),
);

export function opName(code: number): OpName | null {
  return NAMES.get(code) ?? null;
}
