// How much of an ATA drive can be addressed: the host protected area (ATA8-ACS 4.11), the device configuration overlay
// (ATA8-ACS 4.8) and ACCESSIBLE MAX ADDRESS CONFIGURATION (ACS-4 7.1). Addresses are counted in sectors.
import type { AtaModel } from '../describe.ts';
import {
  aborted,
  type AtaResult,
  checksummed,
  COMMAND,
  ERROR,
  failed,
  good,
  type TaskFile,
} from './registers.ts';

export type Capacity = {
  /** Sectors that a host can address now. */
  current: () => number;
  /** What READ NATIVE MAX ADDRESS tells, as a count. */
  native(): number;
  /** All that there is. */
  true(): number;
  command(task: TaskFile, data: Buffer | null): AtaResult;
  /** SET MAX counts only right after READ NATIVE MAX. */
  otherCommand(): void;
  powerOn(): void;
  /** A firmware that comes back with another capacity. */
  change(sectors: number): void;
};

const DCO = { restore: 0xc0, freeze: 0xc1, identify: 0xc2, set: 0xc3 } as const;
const AMA = { getNative: 0, set: 1, freeze: 2 } as const;
const MAX_28 = 2 ** 28 - 1;

type Memory = {
  true: number;
  dco: number;
  kept: number;
  volatile: number | null;
  /** One change that outlives the power is allowed in a power cycle. */
  changed: boolean;
  readNative: boolean;
  frozen: boolean;
};

export function makeCapacity(model: AtaModel): Capacity {
  const memory = firstMemory(model);
  const current = (): number => memory.volatile ?? memory.kept;

  return {
    current,
    native: () => memory.dco,
    true: () => memory.true,
    otherCommand: () => void (memory.readNative = false),
    powerOn: () =>
      void Object.assign(memory, { volatile: null, changed: false, readNative: false, frozen: false }),
    change: (sectors) => void Object.assign(memory, { dco: sectors, kept: sectors, volatile: null }),
    command(task, data) {
      const readNative = memory.readNative;
      memory.readNative = false;
      switch (task.command) {
        case COMMAND.readNativeMax:
        case COMMAND.readNativeMaxExt:
          if (model.hpa === null) return aborted();
          memory.readNative = true;
          return good({ lba: lastAddress(memory.dco, task.command === COMMAND.readNativeMax) });
        case COMMAND.setMax:
        case COMMAND.setMaxExt:
          return model.hpa === null ? aborted() : setMax(memory, task, readNative);
        case COMMAND.deviceConfiguration:
          return model.dco === null ? aborted() : configure(memory, task, data);
        case COMMAND.accessibleMaxAddress:
          return model.ama === null ? aborted() : accessibleMax(memory, task);
        default:
          return aborted();
      }
    },
  };
}

function firstMemory({ size, logicalSectorBytes, hpa, dco, ama }: AtaModel): Memory {
  const sectors = (visible: number | null): number =>
    Math.floor(Math.min(visible ?? size, size) / logicalSectorBytes);
  const native = sectors(dco);
  const kept = Math.min(native, sectors(hpa), sectors(ama));
  return {
    ...{ true: sectors(size), dco: native, kept },
    ...{ volatile: null, changed: false, readNative: false, frozen: false },
  };
}

function lastAddress(sectors: number, short: boolean): number {
  return short ? Math.min(sectors - 1, MAX_28) : sectors - 1;
}

/** SET MAX SET PASSWORD, LOCK and the like, by the features of the short command, are not had. */
function setMax(memory: Memory, task: TaskFile, readNative: boolean): AtaResult {
  if (!readNative || (task.command === COMMAND.setMax && task.features !== 0)) return aborted();
  const sectors = task.lba + 1;
  if (sectors > memory.dco) return failed(ERROR.idNotFound, task.lba);
  const lasting = (task.count & 1) !== 0;
  if (!lasting) memory.volatile = sectors;
  else if (memory.changed) return failed(ERROR.idNotFound, task.lba);
  else Object.assign(memory, { kept: sectors, volatile: null, changed: true });
  return good({ lba: task.lba });
}

function configure(memory: Memory, task: TaskFile, data: Buffer | null): AtaResult {
  const hidden = memory.kept < memory.dco || memory.volatile !== null;
  // Bits 15:8 of the short command's registers are what an extended one may carry; DCO is a short one.
  switch (task.features & 0xff) {
    case DCO.identify:
      return memory.frozen ? aborted() : good({ data: overlayPage(memory.true) });
    case DCO.freeze:
      if (memory.frozen) return aborted();
      memory.frozen = true;
      return good();
    case DCO.restore:
      if (memory.frozen || hidden || memory.dco === memory.true) return aborted();
      Object.assign(memory, { dco: memory.true, kept: memory.true });
      return good();
    case DCO.set: {
      const sectors = data ? Number(data.readBigUInt64LE(6)) + 1 : 0;
      if (memory.frozen || hidden || memory.dco !== memory.true) return aborted();
      if (sectors < 1 || sectors > memory.true) return aborted();
      Object.assign(memory, { dco: sectors, kept: sectors });
      return good();
    }
    default:
      return aborted();
  }
}

/** What could be configured: all capacity, transfer modes and feature sets as they came from the factory. */
function overlayPage(sectors: number): Buffer {
  const page = Buffer.alloc(512);
  page.writeUInt16LE(2, 0);
  page.writeUInt16LE(0x0007, 2);
  page.writeUInt16LE(0x007f, 4);
  page.writeBigUInt64LE(BigInt(sectors - 1), 6);
  page.writeUInt16LE(0x418f, 14);
  page[510] = 0xa5;
  return checksummed(page);
}

function accessibleMax(memory: Memory, task: TaskFile): AtaResult {
  switch (task.features) {
    case AMA.getNative:
      return good({ lba: memory.dco - 1 });
    case AMA.set:
      if (memory.frozen || memory.changed) return aborted();
      if (task.lba + 1 > memory.dco) return failed(ERROR.idNotFound, task.lba);
      Object.assign(memory, { kept: task.lba + 1, volatile: null, changed: true });
      return good({ lba: task.lba });
    case AMA.freeze:
      memory.frozen = true;
      return good();
    default:
      return aborted();
  }
}
