// What goes into an ATA drive and comes out of it (ACS-4 6, 7): registers and a block of data.

export type TaskFile = {
  command: number;
  features: number;
  count: number;
  lba: number;
  device: number;
};

export type AtaResult = {
  status: number;
  error: number;
  count: number;
  lba: number;
  data?: Buffer;
};

export const STATUS = { ready: 0x50, error: 0x01, deviceFault: 0x20 } as const;
export const ERROR = { abort: 0x04, idNotFound: 0x10, uncorrectable: 0x40 } as const;

/** All went well; what registers say besides is the command's own. */
export function good(out: { count?: number; lba?: number; data?: Buffer } = {}): AtaResult {
  return { status: STATUS.ready, error: 0, count: out.count ?? 0, lba: out.lba ?? 0, ...dataOf(out) };
}

function dataOf({ data }: { data?: Buffer }): { data?: Buffer } {
  return data ? { data } : {};
}

export function failed(error: number, lba = 0): AtaResult {
  return { status: STATUS.ready | STATUS.error, error, count: 0, lba };
}

export const aborted = (lba = 0): AtaResult => failed(ERROR.abort, lba);

export const COMMAND = {
  nop: 0x00,
  dataSetManagement: 0x06,
  read: 0x20,
  readExt: 0x24,
  readDmaExt: 0x25,
  readNativeMaxExt: 0x27,
  readLogExt: 0x2f,
  write: 0x30,
  writeExt: 0x34,
  writeDmaExt: 0x35,
  setMaxExt: 0x37,
  writeDmaFuaExt: 0x3d,
  verify: 0x40,
  verifyExt: 0x42,
  readLogDmaExt: 0x47,
  accessibleMaxAddress: 0x78,
  smart: 0xb0,
  deviceConfiguration: 0xb1,
  sanitize: 0xb4,
  readDma: 0xc8,
  writeDma: 0xca,
  standbyImmediate: 0xe0,
  idleImmediate: 0xe1,
  standby: 0xe2,
  idle: 0xe3,
  checkPowerMode: 0xe5,
  sleep: 0xe6,
  flush: 0xe7,
  flushExt: 0xea,
  identify: 0xec,
  setFeatures: 0xef,
  securitySetPassword: 0xf1,
  securityUnlock: 0xf2,
  securityErasePrepare: 0xf3,
  securityEraseUnit: 0xf4,
  securityFreezeLock: 0xf5,
  securityDisablePassword: 0xf6,
  readNativeMax: 0xf8,
  setMax: 0xf9,
} as const;

export type CommandName = keyof typeof COMMAND;

const NAMES: ReadonlyMap<number, CommandName> = new Map(
  Object.entries(COMMAND).map(([name, code]) => [code, name as CommandName]),
);

export function commandName(code: number): CommandName | null {
  return NAMES.get(code) ?? null;
}

/** The last byte makes the sum of all 512 zero. */
export function checksummed(page: Buffer): Buffer {
  let sum = 0;
  for (let at = 0; at < 511; at += 1) sum += page[at]!;
  page[511] = -sum & 0xff;
  return page;
}
