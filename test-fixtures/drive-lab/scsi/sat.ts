// SCSI to ATA translation (SAT-4): an ATA drive as a logical unit, with ATA PASS-THROUGH.
import { commandName } from '../ata/registers.ts';
import type { AtaResult, TaskFile } from '../ata/registers.ts';
import type { AtaDrive } from '../ata/drive.ts';
import { blockCommand, type Unit } from './block.ts';
import { check, good, OP, opName, type ScsiAnswer, type ScsiCommand } from './command.ts';
import { KEY, SENSE } from './sense.ts';

export type Executed = { answer: ScsiAnswer | Promise<ScsiAnswer>; words: string };

/** @returns the answer, and the command in words */
export function satCommand(drive: AtaDrive, unit: Unit, command: ScsiCommand): Executed {
  const code = command.cdb[0]!;
  if (code === OP.ata12 || code === OP.ata16) return passThrough(drive, command);
  const answer = blockCommand(unit, command) ?? check(SENSE.invalidOpcode());
  return { answer, words: opName(code) ?? `opcode ${code.toString(16)}` };
}

/** The drive as a unit of blocks. */
export function satUnit(drive: AtaDrive, wrote: (sector: number) => void): Unit {
  const { model, medium, capacity } = drive;
  return {
    medium,
    wrote,
    sectors: capacity.current,
    identity: () => ({
      ...{ vendor: model.vendor, product: model.model, revision: model.firmware, serial: drive.serial() },
      ...{ wwn: model.wwn, rotation: model.rotation, ata: drive.identify() },
      unmapBlocks: model.trim ? 65_535 : 0,
    }),
    // What libata says when a drive aborts a read: locked, sanitizing, or after a failed sanitize.
    refusal: () => (drive.accessible() ? null : SENSE.ataAborted()),
    state: () => SENSE.none(),
  };
}

/** Byte 1 bits 4:1 (SAT-4 12.2.2.2): what the protocol moves. */
const PROTOCOL = { hardReset: 0, softReset: 1, nonData: 3, pioIn: 4, pioOut: 5, dma: 6 } as const;

function passThrough(drive: AtaDrive, { cdb, data }: ScsiCommand): Executed {
  const protocol = (cdb[1]! >> 1) & 0x0f;
  const { task, extended } = taskFileOf(cdb);
  const name = commandName(task.command) ?? `command ${task.command.toString(16)}`;
  const words = `ata ${name} ${task.features.toString(16)} ${task.count.toString(16)} ${task.lba.toString(16)}`;
  if (protocol === PROTOCOL.hardReset || protocol === PROTOCOL.softReset) return { answer: good(), words };
  if (protocol === 15) return { answer: check(SENSE.invalidField()), words };
  const wanted = (cdb[2]! & 0x20) !== 0;
  const answer = drive
    .execute(task, data.length > 0 ? data : null)
    .then((result) => answerOf(result, wanted, extended));
  return { answer, words };
}

function taskFileOf(cdb: Buffer): { task: TaskFile; extended: boolean } {
  const at = (index: number): number => cdb[index]!;
  if (cdb[0] === OP.ata12) {
    const lba = at(5) + at(6) * 2 ** 8 + at(7) * 2 ** 16 + (at(8) & 0x0f) * 2 ** 24;
    return {
      task: { features: at(3), count: at(4), lba, device: at(8), command: at(9) },
      extended: false,
    };
  }
  const extended = (at(1) & 1) !== 0;
  const low = at(8) + at(10) * 2 ** 8 + at(12) * 2 ** 16;
  const high = at(7) * 2 ** 24 + at(9) * 2 ** 32 + at(11) * 2 ** 40;
  return {
    task: {
      features: at(4) + (extended ? at(3) * 256 : 0),
      count: at(6) + (extended ? at(5) * 256 : 0),
      lba: low + (extended ? high : (at(13) & 0x0f) * 2 ** 24),
      device: at(13),
      command: at(14),
    },
    extended,
  };
}

function answerOf(result: AtaResult, wanted: boolean, extended: boolean): ScsiAnswer {
  const { data, ...registers } = result;
  const ata = { ...registers, extended };
  if ((result.status & 1) !== 0) {
    const key = (result.error & 0x40) !== 0 ? KEY.medium : KEY.aborted;
    return check(SENSE.ataAborted({ key, ata }));
  }
  if (!wanted) return good(data);
  return { status: 'check', sense: SENSE.ataInformation({ ata }), ...(data ? { data } : {}) };
}
