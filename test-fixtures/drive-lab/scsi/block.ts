// The commands of any direct access block device (SBC-4): reading, writing, capacity, modes, unmapping.
import type { Medium } from '../medium.ts';
import { check, good, opName, type ScsiAnswer, type ScsiCommand } from './command.ts';
import { inquiry, type UnitIdentity } from './inquiry.ts';
import { descriptorSense, fixedSense, type Sense, SENSE } from './sense.ts';

export type Unit = {
  identity(): UnitIdentity;
  medium: Medium;
  /** Sectors that can be addressed now. */
  sectors(): number;
  /** Why the medium cannot be read or written now; null when it can. */
  refusal(): Sense | null;
  /** What REQUEST SENSE tells when nothing is pending: the progress of an operation. */
  state(): Sense;
  /** After a write up to that sector. */
  wrote(sector: number): void;
};

/** @returns null for a command that is none of a block device's */
export function blockCommand(unit: Unit, command: ScsiCommand): ScsiAnswer | null {
  const { cdb } = command;
  const name = opName(cdb[0]!);
  switch (name) {
    case 'inquiry':
      return inquiry(unit.identity(), command);
    case 'testUnitReady': {
      const refusal = unit.refusal();
      return refusal?.key === 2 || refusal?.key === 3 ? check(refusal) : good();
    }
    case 'requestSense': {
      const sense = (cdb[1]! & 1) !== 0 ? descriptorSense(unit.state()) : fixedSense(unit.state());
      return good(sense.subarray(0, cdb[4]));
    }
    case 'reportLuns':
      return good(LUNS.subarray(0, cdb.readUInt32BE(6)));
    case 'readCapacity10':
      return good(capacity10(unit));
    case 'serviceIn16':
      if ((cdb[1]! & 0x1f) !== 0x10) return check(SENSE.invalidField());
      return good(capacity16(unit).subarray(0, cdb.readUInt32BE(10)));
    case 'read6':
    case 'read10':
    case 'read12':
    case 'read16':
      return read(unit, cdb);
    case 'write6':
    case 'write10':
    case 'write12':
    case 'write16':
      return write(unit, command);
    case 'verify10':
    case 'verify16':
      return verify(unit, cdb);
    case 'writeSame10':
    case 'writeSame16':
      return writeSame(unit, command);
    case 'unmap':
      return unmap(unit, command);
    case 'modeSense6':
    case 'modeSense10':
      return modeSense(cdb);
    case 'synchronize10':
    case 'synchronize16':
    case 'startStop':
    case 'preventRemoval':
    case 'modeSelect6':
    case 'modeSelect10':
      return good();
    case 'formatUnit':
    case 'sendDiagnostic':
    case 'sanitize':
    case 'logSense':
    case 'ata12':
    case 'ata16':
    case 'maintenanceIn':
    case null:
      return null;
  }
}

/** Logical units 0 and 1: the drive is the second, as QEMU is told. */
const LUNS = Buffer.of(0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);

function capacity10(unit: Unit): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(Math.min(unit.sectors() - 1, 0xffff_ffff), 0);
  body.writeUInt32BE(unit.medium.sectorBytes, 4);
  return body;
}

function capacity16(unit: Unit): Buffer {
  const body = Buffer.alloc(32);
  body.writeBigUInt64BE(BigInt(unit.sectors() - 1), 0);
  body.writeUInt32BE(unit.medium.sectorBytes, 8);
  // Eight logical sectors of 512 bytes in a physical one; provisioning and zeros as page B2h says.
  body[13] = unit.medium.sectorBytes === 512 ? 3 : 0;
  body[14] = unit.identity().unmapBlocks > 0 ? 0xc0 : 0;
  return body;
}

type Extent = { lba: number; count: number };

/** Where a command reads or writes, by its group of operation codes. */
function extentOf(cdb: Buffer): Extent {
  switch (cdb[0]! >> 5) {
    case 0:
      return { lba: cdb.readUIntBE(1, 3) & 0x1f_ffff, count: cdb[4]! || 256 };
    case 1:
    case 2:
      return { lba: cdb.readUInt32BE(2), count: cdb.readUInt16BE(7) };
    case 5:
      return { lba: cdb.readUInt32BE(2), count: cdb.readUInt32BE(6) };
    default:
      return { lba: Number(cdb.readBigUInt64BE(2)), count: cdb.readUInt32BE(10) };
  }
}

const LONGEST = 32 * 2 ** 20;

/** Why it cannot be done; null when it can. */
function wrong(unit: Unit, { lba, count }: Extent, moves = true): Sense | null {
  const refusal = unit.refusal();
  if (refusal) return refusal;
  if (lba + count > unit.sectors()) return SENSE.outOfRange();
  return moves && count * unit.medium.sectorBytes > LONGEST ? SENSE.invalidField() : null;
}

function read(unit: Unit, cdb: Buffer): ScsiAnswer {
  const extent = extentOf(cdb);
  const refusal = wrong(unit, extent);
  if (refusal) return check(refusal);
  const { data, failedAt } = unit.medium.read(extent.lba, extent.count);
  return data ? good(data) : check(SENSE.unreadable({ information: failedAt }));
}

function write(unit: Unit, { cdb, data }: ScsiCommand): ScsiAnswer {
  const extent = extentOf(cdb);
  const refusal = wrong(unit, extent);
  if (refusal) return check(refusal);
  if (data.length !== extent.count * unit.medium.sectorBytes) return check(SENSE.invalidField());
  const failedAt = unit.medium.write(extent.lba, data);
  if (failedAt !== null) return check(SENSE.unwritable({ information: failedAt }));
  unit.wrote(extent.lba + extent.count);
  return good();
}

function verify(unit: Unit, cdb: Buffer): ScsiAnswer {
  const extent = extentOf(cdb);
  const refusal = wrong(unit, extent) ?? ((cdb[1]! & 6) !== 0 ? SENSE.invalidField() : null);
  if (refusal) return check(refusal);
  const { failedAt } = unit.medium.read(extent.lba, extent.count);
  return failedAt === undefined ? good() : check(SENSE.unreadable({ information: failedAt }));
}

/** With UNMAP it deallocates; else one sector of data, or zeros (NDOB), goes everywhere. */
function writeSame(unit: Unit, { cdb, data }: ScsiCommand): ScsiAnswer {
  const extent = extentOf(cdb);
  const count = extent.count || unit.sectors() - extent.lba;
  const refusal = wrong(unit, { ...extent, count }, false);
  if (refusal) return check(refusal);
  if ((cdb[1]! & 8) !== 0 && unit.identity().unmapBlocks > 0) {
    unit.medium.unmap(extent.lba, count);
    return good();
  }
  const { sectorBytes } = unit.medium;
  const sector = (cdb[1]! & 1) !== 0 ? Buffer.alloc(sectorBytes) : data;
  if (sector.length !== sectorBytes) return check(SENSE.invalidField());
  const step = LONGEST / sectorBytes;
  for (let done = 0; done < count; done += step) {
    const piece = Buffer.alloc(Math.min(step, count - done) * sectorBytes, sector);
    const failedAt = unit.medium.write(extent.lba + done, piece);
    if (failedAt !== null) return check(SENSE.unwritable({ information: failedAt }));
  }
  unit.wrote(extent.lba + count);
  return good();
}

function unmap(unit: Unit, { data }: ScsiCommand): ScsiAnswer {
  if (unit.identity().unmapBlocks === 0) return check(SENSE.invalidOpcode());
  if (data.length < 8) return data.length === 0 ? good() : check(SENSE.invalidParameter());
  const end = Math.min(data.length, 8 + data.readUInt16BE(2));
  for (let at = 8; at + 16 <= end; at += 16) {
    const extent = { lba: Number(data.readBigUInt64BE(at)), count: data.readUInt32BE(at + 8) };
    const refusal = wrong(unit, extent, false);
    if (refusal) return check(refusal);
    unit.medium.unmap(extent.lba, extent.count);
  }
  return good();
}

/** Read-write error recovery, caching (with a write cache), control (descriptor sense). */
const MODE_PAGES: readonly Buffer[] = [
  Buffer.of(0x01, 0x0a, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  Buffer.of(0x08, 0x12, 0x04, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x80, 0x14, 0, 0, 0, 0, 0, 0),
  Buffer.of(0x0a, 0x0a, 0x06, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  Buffer.of(0x1c, 0x0a, 0x00, 0x06, 0, 0, 0, 0, 0, 0, 0, 0),
];

function modeSense(cdb: Buffer): ScsiAnswer {
  const long = cdb[0] === 0x5a;
  const [page, subpage, control] = [cdb[2]! & 0x3f, cdb[3]!, cdb[2]! >> 6];
  const pages = MODE_PAGES.filter((each) => page === 0x3f || each[0] === page);
  if (pages.length === 0 || (subpage !== 0 && subpage !== 0xff) || control === 3)
    return check(SENSE.invalidField());
  // Nothing can be changed: of the changeable values all are zero.
  const body = Buffer.concat(pages.map((each) => (control === 1 ? masked(each) : each)));
  const head = Buffer.alloc(long ? 8 : 4);
  if (long) head.writeUInt16BE(body.length + 6, 0);
  else head[0] = body.length + 3;
  head[long ? 3 : 2] = 0x10;
  return good(Buffer.concat([head, body]).subarray(0, long ? cdb.readUInt16BE(7) : cdb[4]!));
}

function masked(page: Buffer): Buffer {
  const empty = Buffer.alloc(page.length);
  page.copy(empty, 0, 0, 2);
  return empty;
}
