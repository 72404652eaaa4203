import { describe, expect, it } from 'vitest';
import { makeAtaDrive } from '../ata/drive.ts';
import { manualClock } from '../clock.ts';
import { type AtaDescription, describeAta } from '../describe.ts';
import type { ScsiAnswer } from './command.ts';
import { satCommand, satUnit } from './sat.ts';
import { descriptorSense } from './sense.ts';

function make(asked: Partial<AtaDescription> = {}) {
  const doors = { clock: manualClock(), had: new Set<never>(), accident: () => {} };
  const drive = makeAtaDrive(describeAta({ size: '1M', serial: 'SAT', ...asked }), doors);
  const wrote: number[] = [];
  const unit = satUnit(drive, (sector) => wrote.push(sector));
  const ask = async (cdb: number[], data = Buffer.alloc(0)): Promise<ScsiAnswer> => {
    const whole = Buffer.from([...cdb, ...Array<number>(16 - cdb.length).fill(0)]);
    return satCommand(drive, unit, { cdb: whole, data, expected: 0 }).answer;
  };
  const data = async (cdb: number[]): Promise<Buffer> => {
    const answer = await ask(cdb);
    return answer.status === 'good' && answer.data ? answer.data : Buffer.alloc(0);
  };
  return { drive, ask, data, wrote };
}

const page = (code: number) => [0x12, 1, code, 2, 0x58];
const key = (answer: ScsiAnswer) => (answer.status === 'check' ? answer.sense.key : null);
const IDENTIFY_12 = [0xa1, 0x08, 0x0e, 0, 1, 0, 0, 0, 0, 0xec];

describe('ATA behind a SCSI translation', () => {
  it('says who it is in its pages', async () => {
    const { data, drive } = make({ rotation: 5400 });
    expect((await data([0x12, 0, 0, 0, 96])).toString('latin1', 8, 28)).toBe('ATA     LAB SSD 2000');
    expect((await data(page(0x80))).toString('latin1', 4)).toBe('SAT'.padStart(20));
    expect((await data(page(0x83))).readBigUInt64BE(8)).toBe(drive.model.wwn);
    expect((await data(page(0x89))).subarray(60, 572).equals(drive.identify())).toBe(true);
    expect((await data(page(0xb1))).readUInt16BE(4)).toBe(5400);
    expect((await make({ vendor: 'USBDISK' }).data([0x12, 0, 0, 0, 96])).toString('latin1', 8, 15)).toBe(
      'USBDISK',
    );
  });

  it('passes commands through, and gives registers back when they are asked for', async () => {
    const { ask, data, drive } = make();
    expect((await data(IDENTIFY_12)).equals(drive.identify())).toBe(true);
    const told = await ask([0x85, 0x07, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x27]);
    expect(told).toMatchObject({
      status: 'check',
      sense: { key: 1, asc: 0, ascq: 0x1d, ata: { lba: 2047 } },
    });
    const sense = told.status === 'check' ? descriptorSense(told.sense) : Buffer.alloc(0);
    expect([...sense.subarray(8)]).toEqual([9, 12, 1, 0, 0, 0, 0, 0xff, 0, 0x07, 0, 0, 0x40, 0x50]);
    const both = await ask(IDENTIFY_12.with(2, 0x2e));
    expect(both.status === 'check' && both.data!.length).toBe(512);
  });

  it('tells of an abort by sense with registers', async () => {
    const answer = await make({ security: false }).ask([
      0x85, 0x06, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf3,
    ]);
    expect(answer).toMatchObject({ sense: { key: 11, ata: { error: 4, status: 0x51 } } });
    expect(key(await make().ask([0x7f]))).toBe(5);
  });

  it('reads, writes, repeats and unmaps sectors', async () => {
    const { ask, data, wrote, drive } = make();
    const sector = Buffer.alloc(512, 9);
    expect((await ask([0x8a, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1], sector)).status).toBe('good');
    expect((await data([0x28, 0, 0, 0, 0, 3, 0, 0, 1])).equals(sector)).toBe(true);
    expect(wrote).toEqual([4]);
    expect((await ask([0x93, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0], sector)).status).toBe('good');
    expect(drive.medium.store.ownerLeft('addressable').bytes).toBe(0);
    const list = Buffer.alloc(24);
    list.writeUInt16BE(16, 2);
    list.writeUInt32BE(2, 16);
    expect((await ask([0x42, 0, 0, 0, 0, 0, 0, 0, 24], list)).status).toBe('good');
    expect((await data([0x28, 0, 0, 0, 0, 0, 0, 0, 3])).indexOf(9)).toBe(1024);
  });

  it('refuses what is outside, and what its state forbids', async () => {
    const { ask } = make();
    expect(key(await ask([0x28, 0, 0, 0, 8, 0, 0, 0, 1]))).toBe(5);
    expect(key(await ask([0x2a, 0, 0, 0, 0, 0, 0, 0, 2], Buffer.alloc(512)))).toBe(5);
    const locked = make({ security: { userPassword: 'x' } });
    expect([key(await locked.ask([0x28, 0, 0, 0, 0, 0, 0, 0, 1])), key(await locked.ask([0x00]))]).toEqual([
      11,
      null,
    ]);
    const bad = make({ misbehaviours: [{ kind: 'bad-sectors', sectors: [2] }] });
    expect(await bad.ask([0x28, 0, 0, 0, 0, 0, 0, 0, 8])).toMatchObject({
      sense: { key: 3, information: 2 },
    });
  });
});
