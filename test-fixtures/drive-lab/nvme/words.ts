// Numbers of NVM Express by name (NVM Express Base Specification 1.4, NVMe over Fabrics 1.1), as far as the lab speaks them.

/** Status code, with the status code type in bits 10:8 (Base 1.4, figures 125 to 128; Fabrics 1.1, figure 34). */
export const STATUS = {
  success: 0x000,
  'invalid-opcode': 0x001,
  'invalid-field': 0x002,
  'data-transfer-error': 0x004,
  'internal-error': 0x006,
  'abort-requested': 0x007,
  'invalid-namespace': 0x00b,
  'sequence-error': 0x00c,
  'sanitize-failed': 0x01c,
  'sanitize-in-progress': 0x01d,
  'lba-out-of-range': 0x080,
  'format-in-progress': 0x084,
  'too-many-event-requests': 0x105,
  'invalid-log-page': 0x109,
  'invalid-format': 0x10a,
  'feature-not-saveable': 0x10d,
  'feature-not-changeable': 0x10e,
  'insufficient-capacity': 0x115,
  'no-namespace-identifier': 0x116,
  'already-attached': 0x118,
  'not-attached': 0x11a,
  'thin-provisioning-unsupported': 0x11b,
  'controller-list-invalid': 0x11c,
  'self-test-in-progress': 0x11d,
  'controller-busy': 0x181,
  'connect-invalid-parameters': 0x182,
  'write-fault': 0x280,
  'unrecovered-read-error': 0x281,
  'compare-failure': 0x285,
} as const;
export type Status = keyof typeof STATUS;

export const ADMIN = {
  getLog: 0x02,
  identify: 0x06,
  abort: 0x08,
  setFeatures: 0x09,
  getFeatures: 0x0a,
  asynchronousEvent: 0x0c,
  manageNamespace: 0x0d,
  selfTest: 0x14,
  attachNamespace: 0x15,
  keepAlive: 0x18,
  format: 0x80,
  sanitize: 0x84,
} as const;

export const IO = {
  flush: 0x00,
  write: 0x01,
  read: 0x02,
  writeUncorrectable: 0x04,
  compare: 0x05,
  writeZeroes: 0x08,
  manageData: 0x09,
} as const;

/** The opcode of every command of Fabrics; which one is in byte 4. */
export const FABRICS = 0x7f;
export const FABRICS_TYPE = {
  propertySet: 0x00,
  connect: 0x01,
  propertyGet: 0x04,
  disconnect: 0x08,
} as const;

/** NSID that stands for all namespaces. */
export const EVERY_NAMESPACE = 0xffff_ffff;

export type AdminName = keyof typeof ADMIN;
export type IoName = keyof typeof IO;

export function adminName(opcode: number): AdminName | null {
  return nameOf(ADMIN, opcode);
}

export function ioName(opcode: number): IoName | null {
  return nameOf(IO, opcode);
}

function nameOf<T extends Record<string, number>>(table: T, value: number): keyof T | null {
  return Object.keys(table).find((name) => table[name] === value) ?? null;
}
