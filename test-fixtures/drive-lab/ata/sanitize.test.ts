import { describe, expect, it } from 'vitest';
import { ERROR, STATUS } from './registers.ts';
import { makeSanitize, SANITIZE, type SanitizeOperation } from './sanitize.ts';

const ALL = { block: true, crypto: true, overwrite: true, minutes: 1 };

function make(options = { frozen: false, aborts: false }, supported = ALL) {
  const started: SanitizeOperation[] = [];
  const at = { progress: 0 };
  const machine = makeSanitize(supported, options, {
    progress: () => at.progress,
    start: (operation) => started.push(operation),
    freshKey: () => 'key',
  });
  const ask = (features: number, lba = 0, count = 0) =>
    machine.command({ command: 0xb4, features, count, lba, device: 0 });
  return { machine, started, at, ask };
}

const BLOCK = 0x426b4572;
const CRYPTO = 0x43727970;
const refused = (reason: number) => ({
  status: STATUS.ready | STATUS.error,
  error: ERROR.abort,
  lba: reason,
});

describe('the Sanitize Device feature set', () => {
  it('starts each operation by its key alone', () => {
    const { ask, started, machine } = make();
    expect(ask(SANITIZE.block, CRYPTO)).toMatchObject(refused(2));
    expect(ask(SANITIZE.block, BLOCK).status).toBe(STATUS.ready);
    expect(machine.state()).toBe('SD2');
    machine.ended('done');
    ask(SANITIZE.crypto, CRYPTO);
    machine.ended('done');
    ask(SANITIZE.overwrite, 0x4f57_11223344, 1);
    expect(started.map(({ kind, atOnce, residue }) => [kind, atOnce, residue.kind])).toEqual([
      ['block', false, 'zeros'],
      ['crypto', true, 'random'],
      ['overwrite', false, 'pattern'],
    ]);
    expect(started[2]!.residue).toMatchObject({ bytes: Buffer.of(0x44, 0x33, 0x22, 0x11) });
  });

  it('tells of progress, and of success only at the end', () => {
    const { ask, at, machine } = make();
    ask(SANITIZE.block, BLOCK);
    at.progress = 0.25;
    expect(ask(SANITIZE.status)).toMatchObject({ count: 0x4000, lba: 0x4000 });
    expect(ask(SANITIZE.block, BLOCK)).toMatchObject(refused(0));
    machine.ended('done');
    expect(ask(SANITIZE.status)).toMatchObject({ count: 0x8000, lba: 0xffff });
    ask(SANITIZE.block, BLOCK);
    expect(ask(SANITIZE.status).count).toBe(0x4000);
  });

  it('leaves the failed state by a success, or by clearing it when that was allowed', () => {
    const { ask, machine } = make();
    ask(SANITIZE.block, BLOCK);
    machine.ended('failed');
    expect([machine.state(), ask(SANITIZE.status)]).toMatchObject(['SD3', refused(1)]);
    expect(ask(SANITIZE.status, 0, 1)).toMatchObject(refused(1));
    machine.powerOn();
    expect(machine.state()).toBe('SD3');
    ask(SANITIZE.block, BLOCK);
    machine.ended('done');
    expect(ask(SANITIZE.status).count).toBe(0x8000);
    ask(SANITIZE.block, BLOCK, 0x10);
    machine.ended('failed');
    expect(ask(SANITIZE.status, 0, 1)).toMatchObject({ count: 0, status: STATUS.ready });
  });

  it('freezes until its power is cycled, unless antifreeze came first', () => {
    const { ask, machine } = make();
    expect(ask(SANITIZE.freeze, 0x46724c6b).count).toBe(0x2000);
    expect(ask(SANITIZE.block, BLOCK)).toMatchObject(refused(3));
    expect(ask(SANITIZE.antifreeze, 0x416e7469)).toMatchObject(refused(3));
    machine.powerOn();
    expect(ask(SANITIZE.antifreeze, 0x416e7469).count).toBe(0x1000);
    expect(ask(SANITIZE.freeze, 0x46724c6b)).toMatchObject(refused(4));
    expect(ask(SANITIZE.block, BLOCK).status).toBe(STATUS.ready);
  });

  it('refuses what the drive has not, or only advertises', () => {
    const less = make({ frozen: false, aborts: false }, { ...ALL, crypto: false });
    expect(less.ask(SANITIZE.crypto, CRYPTO)).toMatchObject(refused(2));
    expect(make({ frozen: false, aborts: true }).ask(SANITIZE.block, BLOCK)).toMatchObject(refused(2));
    expect(make({ frozen: true, aborts: false }).machine.state()).toBe('SD1');
  });
});
