// The commands of an ATA drive: which may run in which state, and what each does.
import type { AtaModel } from '../describe.ts';
import type { Medium } from '../medium.ts';
import type { Capacity } from './capacity.ts';
import {
  aborted,
  type AtaResult,
  COMMAND,
  type CommandName,
  commandName,
  ERROR,
  failed,
  good,
  type TaskFile,
} from './registers.ts';
import type { SanitizeMachine } from './sanitize.ts';
import type { EraseKind, SecurityCommand, SecurityMachine } from './security.ts';
import type { SmartMachine } from './smart.ts';

export type Parts = {
  model: AtaModel;
  medium: Medium;
  capacity: Capacity;
  security: SecurityMachine | null;
  sanitize: SanitizeMachine;
  smart: SmartMachine;
  identify: () => Buffer;
  /** Answers when the erase has ended. */
  eraseUnit: (kind: EraseKind) => Promise<AtaResult>;
};

export function execute(parts: Parts, task: TaskFile, data: Buffer | null): AtaResult | Promise<AtaResult> {
  const name = commandName(task.command);
  if (name !== 'readNativeMax' && name !== 'readNativeMaxExt' && name !== 'setMax' && name !== 'setMaxExt')
    parts.capacity.otherCommand();
  if (name !== 'securityEraseUnit') parts.security?.otherCommand();
  if (name === null) return aborted();
  const { security, sanitize } = parts;
  if (['SD2', 'SD3'].includes(sanitize.state()) && !WHILE_SANITIZING.includes(name)) return aborted();
  if (security?.locked() && !WHILE_LOCKED.includes(name)) {
    const reads = name === 'sanitize' && task.features === 0;
    if (!reads) return aborted();
  }
  return perform(parts, name, task, data);
}

/** What a drive still does while it sanitizes or after it failed to (ACS-4 4.17.6), and while it is locked (4.18.8). */
const ALWAYS: readonly CommandName[] = [
  ...(['identify', 'checkPowerMode', 'idle', 'idleImmediate', 'standby', 'standbyImmediate'] as const),
  ...(['sleep', 'readLogExt', 'readLogDmaExt', 'setFeatures', 'smart'] as const),
];
const WHILE_SANITIZING: readonly CommandName[] = [...ALWAYS, 'sanitize'];
const WHILE_LOCKED: readonly CommandName[] = [
  ...ALWAYS,
  ...(['readNativeMax', 'readNativeMaxExt', 'securityErasePrepare', 'securityEraseUnit'] as const),
  ...(['securityUnlock', 'securityFreezeLock', 'securitySetPassword', 'securityDisablePassword'] as const),
];

function perform(
  parts: Parts,
  name: CommandName,
  task: TaskFile,
  data: Buffer | null,
): AtaResult | Promise<AtaResult> {
  switch (name) {
    case 'identify':
      return good({ data: parts.identify() });
    case 'securitySetPassword':
    case 'securityUnlock':
    case 'securityDisablePassword':
    case 'securityEraseUnit':
      return data?.length === 512 ? secure(parts, { name, block: data }) : aborted();
    case 'securityErasePrepare':
    case 'securityFreezeLock':
      return secure(parts, { name });
    case 'sanitize':
      return parts.sanitize.command(task);
    case 'readNativeMax':
    case 'readNativeMaxExt':
    case 'setMax':
    case 'setMaxExt':
    case 'deviceConfiguration':
    case 'accessibleMaxAddress':
      return parts.capacity.command(task, data);
    case 'smart':
      return parts.smart.command(task);
    case 'readLogExt':
    case 'readLogDmaExt':
      return readLog(parts, task);
    case 'read':
    case 'readDma':
    case 'readExt':
    case 'readDmaExt':
      return read(parts, task, false);
    case 'verify':
    case 'verifyExt':
      return read(parts, task, true);
    case 'write':
    case 'writeDma':
    case 'writeExt':
    case 'writeDmaExt':
    case 'writeDmaFuaExt':
      return write(parts, task, data);
    case 'dataSetManagement':
      return trim(parts, task, data);
    case 'checkPowerMode':
      return good({ count: 0xff });
    case 'flush':
    case 'flushExt':
    case 'idle':
    case 'idleImmediate':
    case 'standby':
    case 'standbyImmediate':
    case 'sleep':
    case 'setFeatures':
      return good();
    case 'nop':
      return aborted();
  }
}

function secure({ security, eraseUnit }: Parts, asked: SecurityCommand): AtaResult | Promise<AtaResult> {
  if (!security) return aborted();
  const answer = security.command(asked);
  if (typeof answer !== 'string') return eraseUnit(answer.erase);
  return answer === 'done' ? good() : aborted();
}

function readLog({ smart }: Parts, { lba, count }: TaskFile): AtaResult {
  const page = (Math.floor(lba / 256) % 256) + Math.floor(lba / 2 ** 32) * 256;
  const data = smart.log(lba % 256, page, count);
  return data ? good({ data }) : aborted();
}

const LONGEST_SECTORS = 65_536;
const EXTENDED: ReadonlySet<number> = new Set([
  ...[COMMAND.readExt, COMMAND.readDmaExt, COMMAND.verifyExt],
  ...[COMMAND.writeExt, COMMAND.writeDmaExt, COMMAND.writeDmaFuaExt],
]);

/** A count of zero is the largest. */
function sectorsOf({ command, count }: TaskFile): number {
  return count || (EXTENDED.has(command) ? LONGEST_SECTORS : 256);
}

function read({ medium, capacity }: Parts, task: TaskFile, verifyOnly: boolean): AtaResult {
  const count = sectorsOf(task);
  if (task.lba + count > capacity.current()) return failed(ERROR.idNotFound, task.lba);
  const { data, failedAt } = medium.read(task.lba, count);
  if (failedAt !== undefined) return failed(ERROR.uncorrectable, failedAt);
  return good(verifyOnly ? {} : { data });
}

function write({ medium, capacity }: Parts, task: TaskFile, data: Buffer | null): AtaResult {
  const count = sectorsOf(task);
  if (task.lba + count > capacity.current()) return failed(ERROR.idNotFound, task.lba);
  if (data?.length !== count * medium.sectorBytes) return aborted();
  const failedAt = medium.write(task.lba, data);
  return failedAt === null ? good() : failed(ERROR.abort, failedAt);
}

/** Each entry of 8 bytes is an address of 48 bits and a count of 16 (ACS-4 7.6.3). */
function trim({ model, medium, capacity }: Parts, task: TaskFile, data: Buffer | null): AtaResult {
  if (!model.trim || (task.features & 1) === 0 || !data) return aborted();
  for (let at = 0; at + 8 <= data.length; at += 8) {
    const [lba, count] = [data.readUIntLE(at, 6), data.readUInt16LE(at + 6)];
    if (lba + count > capacity.current()) return failed(ERROR.abort, lba);
    if (count > 0) medium.unmap(lba, count);
  }
  return good();
}
