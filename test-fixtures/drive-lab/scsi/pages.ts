// Pages of a SCSI disk beyond those of any block device: its logs, and which operations it supports.
import type { ScsiModel } from '../describe.ts';
import { check, good, OP, type ScsiAnswer, type ScsiCommand } from './command.ts';
import { SENSE } from './sense.ts';

/** Temperature and informational exceptions (SPC-5 7.3): what smartctl looks for first. */
const LOGS: Readonly<Record<number, Buffer>> = {
  0x00: Buffer.of(0x00, 0x0d, 0x2f),
  0x0d: Buffer.of(0, 0, 0x03, 2, 0, 31, 0, 1, 0x03, 2, 0, 60),
  0x2f: Buffer.of(0, 0, 0x03, 4, 0, 0, 31, 60),
};

export function logSense({ cdb }: ScsiCommand): ScsiAnswer {
  const page = cdb[2]! & 0x3f;
  const body = LOGS[page];
  if (!body || cdb[3] !== 0) return check(SENSE.invalidField());
  const head = Buffer.of(page, 0, 0, body.length);
  return good(Buffer.concat([head, body]).subarray(0, cdb.readUInt16BE(7)));
}

const REPORT_OPERATIONS = 0x0c;

/** REPORT SUPPORTED OPERATION CODES (SPC-5 6.35), for one operation; a host asks it before it sanitizes. */
export function supportedOperations(model: ScsiModel, { cdb }: ScsiCommand): ScsiAnswer {
  const option = cdb[2]! & 7;
  if ((cdb[1]! & 0x1f) !== REPORT_OPERATIONS || option === 0) return check(SENSE.invalidField());
  const supported = isSupported(model, cdb[3]!, cdb.readUInt16BE(4));
  const head = Buffer.of(0, supported ? 3 : 1, 0, supported ? 16 : 0);
  const usage = supported ? Buffer.alloc(16, 0xff) : Buffer.alloc(0);
  if (supported) usage[0] = cdb[3]!;
  return good(Buffer.concat([head, usage]).subarray(0, cdb.readUInt32BE(6)));
}

function isSupported({ sanitize, formatUnit, unmap }: ScsiModel, code: number, action: number): boolean {
  if (code === OP.formatUnit) return formatUnit;
  if (code === OP.unmap) return unmap;
  if (code === OP.ata12 || code === OP.ata16) return false;
  if (code !== OP.sanitize) return Object.values<number>(OP).includes(code);
  const actions = [false, sanitize?.overwrite, sanitize?.block, sanitize?.crypto];
  return sanitize !== null && (actions[action] ?? action === 0x1f);
}
