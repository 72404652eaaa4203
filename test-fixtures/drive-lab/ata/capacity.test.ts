import { describe, expect, it } from 'vitest';
import { type AtaDescription, describeAta } from '../describe.ts';
import { makeCapacity } from './capacity.ts';
import { COMMAND, type CommandName, ERROR, STATUS } from './registers.ts';

function make(asked: Partial<AtaDescription> = {}) {
  const capacity = makeCapacity(describeAta({ size: '1M', ...asked }));
  const ask = (name: CommandName, lba = 0, { count = 0, features = 0, data = null as Buffer | null } = {}) =>
    capacity.command({ command: COMMAND[name], features, count, lba, device: 0 }, data);
  return { capacity, ask };
}

const DCO = { restore: { features: 0xc0 }, freeze: { features: 0xc1 }, identify: { features: 0xc2 } };
const abort = { error: ERROR.abort };
const fine = { status: STATUS.ready };

describe('the host protected area', () => {
  it('is opened by SET MAX right after READ NATIVE MAX, for once or for good', () => {
    const { capacity, ask } = make({ hpa: { visible: '512K' } });
    expect([capacity.current(), capacity.native()]).toEqual([1024, 2048]);
    expect(ask('setMaxExt', 2047)).toMatchObject(abort);
    expect(ask('readNativeMaxExt').lba).toBe(2047);
    capacity.otherCommand();
    expect(ask('setMaxExt', 2047)).toMatchObject(abort);
    ask('readNativeMaxExt');
    expect(ask('setMaxExt', 2047)).toMatchObject(fine);
    expect(capacity.current()).toBe(2048);
    capacity.powerOn();
    expect(capacity.current()).toBe(1024);
    ask('readNativeMaxExt');
    ask('setMaxExt', 2047, { count: 1 });
    capacity.powerOn();
    expect(capacity.current()).toBe(2048);
  });

  it('is changed for good once in a power cycle, and never beyond what there is', () => {
    const { capacity, ask } = make();
    ask('readNativeMaxExt');
    expect(ask('setMaxExt', 2048, { count: 1 })).toMatchObject({ error: ERROR.idNotFound });
    ask('readNativeMaxExt');
    expect(ask('setMaxExt', 99, { count: 1 })).toMatchObject(fine);
    ask('readNativeMaxExt');
    expect(ask('setMaxExt', 2047, { count: 1 })).toMatchObject({ error: ERROR.idNotFound });
    capacity.powerOn();
    ask('readNativeMax');
    expect(ask('setMax', 2047, { count: 1 })).toMatchObject(fine);
  });

  it('is not there when the drive has it not', () => {
    const { ask } = make({ hpa: false });
    expect([ask('readNativeMaxExt'), ask('setMaxExt')]).toMatchObject([abort, abort]);
  });
});

describe('the device configuration overlay', () => {
  it('hides even from READ NATIVE MAX, and goes by RESTORE once nothing else hides', () => {
    const { capacity, ask } = make({ dco: { visible: '768K' }, hpa: { visible: '512K' } });
    expect([capacity.current(), capacity.native(), capacity.true()]).toEqual([1024, 1536, 2048]);
    expect(Number(ask('deviceConfiguration', 0, DCO.identify).data!.readBigUInt64LE(6))).toBe(2047);
    expect(ask('deviceConfiguration', 0, DCO.restore)).toMatchObject(abort);
    ask('readNativeMaxExt');
    ask('setMaxExt', 1535, { count: 1 });
    expect(ask('deviceConfiguration', 0, DCO.restore)).toMatchObject(fine);
    expect([capacity.current(), capacity.native()]).toEqual([2048, 2048]);
  });

  it('freezes until its power is cycled', () => {
    const { capacity, ask } = make({ dco: { visible: '768K' } });
    ask('deviceConfiguration', 0, DCO.freeze);
    expect(ask('deviceConfiguration', 0, DCO.restore)).toMatchObject(abort);
    expect(ask('deviceConfiguration', 0, DCO.identify)).toMatchObject(abort);
    capacity.powerOn();
    expect(ask('deviceConfiguration', 0, DCO.restore)).toMatchObject(fine);
  });

  it('is set to a smaller capacity', () => {
    const { capacity, ask } = make();
    const data = Buffer.alloc(512);
    data.writeBigUInt64LE(999n, 6);
    expect(ask('deviceConfiguration', 0, { features: 0xc3, data })).toMatchObject(fine);
    expect(capacity.native()).toBe(1000);
  });
});

it('opens by ACCESSIBLE MAX ADDRESS CONFIGURATION, once in a power cycle', () => {
  const { capacity, ask } = make({ ama: { visible: '512K' } });
  expect(ask('readNativeMaxExt')).toMatchObject(abort);
  expect([capacity.current(), ask('accessibleMaxAddress').lba]).toEqual([1024, 2047]);
  expect(ask('accessibleMaxAddress', 2047, { features: 1 })).toMatchObject(fine);
  expect(capacity.current()).toBe(2048);
  expect(ask('accessibleMaxAddress', 99, { features: 1 })).toMatchObject(abort);
});
