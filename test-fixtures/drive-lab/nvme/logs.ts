// Log pages (Base 1.4, 5.14.1).
import { type Command, type Outcome, refused } from './command.ts';
import { passesDone } from './sanitize.ts';
import { powerOnHours, selfTestProgress } from './self-test.ts';
import type { NvmeState } from './state.ts';
import { ADMIN, IO } from './words.ts';

export function getLog(state: NvmeState, { cdw10, cdw11, cdw12, cdw13 }: Command): Outcome {
  const page = pageOf(state, cdw10 & 0xff);
  if (!page) return refused('invalid-log-page');
  const length = ((((cdw11 & 0xffff) << 16) >>> 0) + (cdw10 >>> 16) + 1) * 4;
  const from = cdw13 * 2 ** 32 + cdw12;
  if (from > page.length) return refused('invalid-field');
  return { status: 'success', data: page.subarray(from, from + length) };
}

function pageOf(state: NvmeState, page: number): Buffer | null {
  switch (page) {
    case 0x01:
      return errors(state);
    case 0x02:
      return health(state);
    case 0x03:
      return firmware(state);
    case 0x04:
      return Buffer.alloc(4096);
    case 0x05:
      return effects(state);
    case 0x06:
      return state.model.selfTest ? selfTestLog(state) : null;
    case 0x81:
      return state.model.sanitize.length > 0 ? sanitizeStatus(state) : null;
    default:
      return null;
  }
}

const KEPT_ERRORS = 16;

/** Figure 197, the newest first. */
function errors({ failedCommands, errorCount }: NvmeState): Buffer {
  const page = Buffer.alloc(64 * KEPT_ERRORS);
  for (const [index, each] of failedCommands.slice(0, KEPT_ERRORS).entries()) {
    const at = index * 64;
    page.writeBigUInt64LE(BigInt(errorCount - index), at);
    page.writeUInt16LE(each.queue, at + 8);
    page.writeUInt16LE(each.cid, at + 10);
    page.writeUInt16LE((each.status << 1) | 0x8000, at + 12);
    page.writeUInt16LE(0xffff, at + 14);
    page.writeBigUInt64LE(each.lba, at + 16);
    page.writeUInt32LE(each.nsid, at + 24);
  }
  return page;
}

const KELVIN = 273 + 38;

/** Figure 198. Data units are of 1000 sectors of 512 bytes, rounded up. */
function health(state: NvmeState): Buffer {
  const { counters } = state;
  const page = Buffer.alloc(512);
  page.writeUInt16LE(KELVIN, 1);
  page.writeUInt8(100, 3);
  page.writeUInt8(10, 4);
  page.writeUInt8(7, 5);
  const quantities = [
    Math.ceil(counters.read / 512_000),
    Math.ceil(counters.written / 512_000),
    ...[counters.reads, counters.writes, 0, counters.powerCycles, powerOnHours(state)],
    ...[counters.unsafeShutdowns, counters.mediaErrors, state.errorCount],
  ];
  for (const [index, quantity] of quantities.entries())
    page.writeBigUInt64LE(BigInt(quantity), 32 + index * 16);
  page.writeUInt16LE(KELVIN, 200);
  return page;
}

function firmware({ model }: NvmeState): Buffer {
  const page = Buffer.alloc(512);
  page.writeUInt8(1, 0);
  page.write(model.firmware.padEnd(8), 8, 'latin1');
  return page;
}

/** Figure 202: which commands there are, and what they do to namespaces. Linux looks again after a Format because of it. */
function effects({ model }: NvmeState): Buffer {
  const page = Buffer.alloc(4096);
  const SUPPORTED = 1;
  const [CONTENT, CAPABILITIES, INVENTORY, ALONE] = [2, 4, 8, 2 << 16];
  const absent = new Set<number>([
    ...(model.format ? [] : [ADMIN.format]),
    ...(model.sanitize.length > 0 ? [] : [ADMIN.sanitize]),
    ...(model.selfTest ? [] : [ADMIN.selfTest]),
    ...(model.namespaceManagement ? [] : [ADMIN.manageNamespace, ADMIN.attachNamespace]),
  ]);
  for (const opcode of Object.values(ADMIN))
    if (!absent.has(opcode)) page.writeUInt32LE(SUPPORTED, opcode * 4);
  if (model.format) page.writeUInt32LE(SUPPORTED | CONTENT | CAPABILITIES | ALONE, ADMIN.format * 4);
  if (model.sanitize.length > 0) page.writeUInt32LE(SUPPORTED | CONTENT, ADMIN.sanitize * 4);
  if (model.namespaceManagement)
    for (const opcode of [ADMIN.manageNamespace, ADMIN.attachNamespace])
      page.writeUInt32LE(SUPPORTED | INVENTORY, opcode * 4);
  for (const opcode of Object.values(IO)) {
    const writes = opcode !== IO.read && opcode !== IO.flush && opcode !== IO.compare;
    if (opcode !== IO.writeUncorrectable)
      page.writeUInt32LE(SUPPORTED | (writes ? CONTENT : 0), 1024 + opcode * 4);
  }
  return page;
}

const RESULTS = 20;

/** Figures 203 and 204. */
function selfTestLog(state: NvmeState): Buffer {
  const { selfTest, selfTests } = state;
  const page = Buffer.alloc(4 + RESULTS * 28);
  page.writeUInt8(selfTest ? testCode(selfTest.kind) : 0, 0);
  page.writeUInt8(Math.min(100, selfTestProgress(state)), 1);
  for (let index = 0; index < RESULTS; index += 1) {
    const at = 4 + index * 28;
    const each = selfTests[index];
    // 15: this entry was never used.
    page.writeUInt8(each ? (testCode(each.kind) << 4) | each.result : 15, at);
    if (!each) continue;
    page.writeUInt8(each.result === 7 ? 2 : 0, at + 1);
    page.writeBigUInt64LE(BigInt(each.hours), at + 4);
    page.writeUInt32LE(0xffff_ffff, at + 12);
  }
  return page;
}

function testCode(kind: 'short' | 'long'): number {
  return kind === 'short' ? 1 : 2;
}

const STATUS_CODE = { never: 0, succeeded: 1, running: 2, failed: 3, 'succeeded-deallocated': 4 } as const;
const NOT_RUNNING = 0xffff;
const NOT_SAID = 0xffff_ffff;

/** Figure 215; byte 36 is the machine’s state of Base 2.1, without which nvme-cli says “Idle” of a drive at work. */
function sanitizeStatus(state: NvmeState): Buffer {
  const { sanitize, model, erasing } = state;
  const page = Buffer.alloc(512);
  const running = sanitize.last === 'running';
  const progress = Math.floor((erasing?.erase.progress() ?? 0) * 0x10000);
  page.writeUInt16LE(running ? Math.min(progress, NOT_RUNNING - 1) : NOT_RUNNING, 0);
  const erased = sanitize.globallyErased ? 0x100 : 0;
  page.writeUInt16LE(STATUS_CODE[sanitize.last] | (passesDone(state) << 3) | erased, 2);
  page.writeUInt32LE(sanitize.command, 4);
  for (const [index, action] of (['overwrite', 'block', 'crypto'] as const).entries()) {
    const seconds = model.sanitize.includes(action) ? model.durations[action] : NOT_SAID;
    for (const at of [8, 20]) page.writeUInt32LE(Math.min(seconds, NOT_SAID), at + index * 4);
  }
  const machine = sanitize.unrestricted ? { running: 3, failed: 4 } : { running: 1, failed: 2 };
  page.writeUInt8(running ? machine.running : sanitize.last === 'failed' ? machine.failed : 0, 36);
  return page;
}
