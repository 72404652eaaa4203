// The SMART feature set (ACS-4 4.19, 7.46; ATA8-ACS 7.53 for the attributes, which later standards left to vendors).
import { type Clock, MINUTE } from '../clock.ts';
import type { Smart } from '../describe.ts';
import { aborted, type AtaResult, checksummed, good, type TaskFile } from './registers.ts';

type SelfTestEntry = { type: number; status: number; hours: number; lba: number };

export type SmartMachine = {
  command(task: TaskFile): AtaResult;
  /** General purpose logs read by READ LOG EXT; null for one that the drive has not. */
  log(address: number, page: number, count: number): Buffer | null;
  /** A self-test does not outlive the power. */
  powerOn(): void;
};

const SUB = {
  readData: 0xd0,
  readThresholds: 0xd1,
  autosave: 0xd2,
  saveValues: 0xd3,
  execute: 0xd4,
  readLog: 0xd5,
  enable: 0xd8,
  disable: 0xd9,
  returnStatus: 0xda,
  autoOffline: 0xdb,
} as const;

const SIGNATURE = 0xc24f00;
const FAILING_SIGNATURE = 0x2cf400;
const ABORT_TEST = 0x7f;
const STATUS = { passed: 0, aborted: 1, interrupted: 2, readFailure: 7, running: 15 } as const;
const KEPT = 21;

/** @param firstBad where a self-test that fails finds its unreadable sector */
export function makeSmart(smart: Smart, clock: Clock, firstBad: () => number): SmartMachine {
  const entries: SelfTestEntry[] = [];
  let running: { type: number; began: number; cancel: () => void } | null = null;
  let lastStatus: number = STATUS.passed;

  const duration = (type: number): number => smart.selfTestMinutes * MINUTE * (type % 0x80 === 2 ? 5 : 1);
  const end = (status: number, lba = 0xffff_ffff): void => {
    if (!running) return;
    running.cancel();
    entries.unshift({ type: running.type, status, hours: smart.hours, lba });
    entries.splice(KEPT);
    [running, lastStatus] = [null, status];
  };
  const begin = (type: number): AtaResult => {
    if (type === ABORT_TEST) {
      end(STATUS.aborted);
      return good();
    }
    if (![1, 2, 3, 4].includes(type)) return aborted();
    end(STATUS.interrupted);
    const over = (): void =>
      smart.selfTest === 'fails' ? end(STATUS.readFailure, firstBad()) : end(STATUS.passed);
    const cancel = smart.selfTest === 'never-ends' ? () => {} : clock.after(duration(type), over);
    running = { type, began: clock.now(), cancel };
    return good();
  };
  /** The high digit is the status, the low one what remains in tenths. */
  const executionByte = (): number => {
    if (!running) return lastStatus << 4;
    const done = Math.min(0.99, (clock.now() - running.began) / duration(running.type));
    return (STATUS.running << 4) | Math.ceil((1 - done) * 10 - 1);
  };
  const smartLog = (address: number): Buffer | null => {
    if (address === 0x00) return directory([0x01, 0x06]);
    if (address === 0x01) return checksummed(withRevision(1));
    return address === 0x06 ? checksummed(selfTestLog(entries)) : null;
  };

  return {
    command(task) {
      if (Math.floor(task.lba / 256) % 65_536 !== SIGNATURE / 256) return aborted();
      switch (task.features & 0xff) {
        case SUB.readData:
          return good({ data: dataPage(smart, executionByte()) });
        case SUB.readThresholds:
          return good({ data: thresholdsPage(smart) });
        case SUB.execute:
          return begin(task.lba % 256);
        case SUB.readLog: {
          const data = smartLog(task.lba % 256);
          return data ? good({ data }) : aborted();
        }
        case SUB.returnStatus:
          return good({ lba: smart.failing ? FAILING_SIGNATURE : SIGNATURE });
        case SUB.autosave:
        case SUB.saveValues:
        case SUB.enable:
        case SUB.disable:
        case SUB.autoOffline:
          return good();
        default:
          return aborted();
      }
    },
    log(address, page, count) {
      const whole =
        address === 0x00
          ? directory([0x03, 0x07])
          : address === 0x03
            ? checksummed(withRevision(1))
            : address === 0x07
              ? checksummed(extendedSelfTestLog(entries))
              : null;
      return whole && page === 0 && count === 1 ? whole : null;
    },
    powerOn: () => end(STATUS.interrupted),
  };
}

type Attribute = { id: number; flags: number; value: number; threshold: number; raw: number };

function attributesOf({ failing, temperature, hours, reallocated, pending }: Smart): Attribute[] {
  const worn = failing ? 5 : 100;
  return [
    { id: 5, flags: 0x33, value: worn, threshold: 10, raw: reallocated },
    { id: 9, flags: 0x32, value: 90, threshold: 0, raw: hours },
    { id: 12, flags: 0x32, value: 99, threshold: 0, raw: 812 },
    { id: 194, flags: 0x22, value: 100 - temperature, threshold: 0, raw: temperature },
    { id: 197, flags: 0x12, value: pending > 0 ? 90 : 100, threshold: 0, raw: pending },
    { id: 199, flags: 0x3e, value: 100, threshold: 0, raw: 0 },
  ];
}

function dataPage(smart: Smart, execution: number): Buffer {
  const page = withRevision(0x10);
  for (const [index, { id, flags, value, raw }] of attributesOf(smart).entries()) {
    const at = 2 + index * 12;
    page[at] = id;
    page.writeUInt16LE(flags, at + 1);
    page[at + 3] = value;
    page[at + 4] = value;
    page.writeUIntLE(raw, at + 5, 6);
  }
  page[362] = 0x02;
  page[363] = execution;
  page.writeUInt16LE(60, 364);
  // Self-test, and aborting off-line work on a command; saves attributes; keeps an error log.
  page[367] = 0x11;
  page.writeUInt16LE(0x0003, 368);
  page[370] = 1;
  page[372] = smart.selfTestMinutes;
  page[373] = Math.min(254, smart.selfTestMinutes * 5);
  return checksummed(page);
}

function thresholdsPage(smart: Smart): Buffer {
  const page = withRevision(0x10);
  for (const [index, { id, threshold }] of attributesOf(smart).entries()) {
    page[2 + index * 12] = id;
    page[3 + index * 12] = threshold;
  }
  return checksummed(page);
}

function withRevision(revision: number): Buffer {
  const page = Buffer.alloc(512);
  page.writeUInt16LE(revision, 0);
  return page;
}

function directory(addresses: readonly number[]): Buffer {
  const page = withRevision(1);
  for (const address of addresses) page.writeUInt16LE(1, address * 2);
  return page;
}

/** The newest is the last that was written: descriptors go round, and `index` names it, from 1. */
function selfTestLog(entries: readonly SelfTestEntry[]): Buffer {
  const page = withRevision(1);
  for (const [index, { type, status, hours, lba }] of entries.toReversed().entries()) {
    const at = 2 + index * 24;
    page[at] = type;
    page[at + 1] = status << 4;
    page.writeUInt16LE(hours & 0xffff, at + 2);
    page.writeUInt32LE(Math.min(lba, 0xffff_ffff), at + 5);
  }
  page[508] = entries.length;
  return page;
}

function extendedSelfTestLog(entries: readonly SelfTestEntry[]): Buffer {
  const page = withRevision(1);
  const kept = entries.slice(0, 19);
  page.writeUInt16LE(kept.length, 2);
  for (const [index, { type, status, hours, lba }] of kept.toReversed().entries()) {
    const at = 4 + index * 26;
    page[at] = type;
    page[at + 1] = status << 4;
    page.writeUInt16LE(hours & 0xffff, at + 2);
    page.writeUIntLE(lba === 0xffff_ffff ? 0xffff_ffff_ffff : lba, at + 5, 6);
  }
  return page;
}
