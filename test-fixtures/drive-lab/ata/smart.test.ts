import { describe, expect, it } from 'vitest';
import { manualClock, MINUTE } from '../clock.ts';
import { describeAta, type Smart } from '../describe.ts';
import { makeSmart } from './smart.ts';

function make(smart: Partial<Smart> = {}) {
  const clock = manualClock();
  const machine = makeSmart(describeAta({ size: '1M', smart }).smart, clock, () => 77);
  const ask = (features: number, low = 0, signature = 0xc24f00) =>
    machine.command({ command: 0xb0, features, count: 1, lba: signature + low, device: 0 });
  const execution = (): number => ask(0xd0).data![363]!;
  return { clock, machine, ask, execution };
}

describe('SMART', () => {
  it('answers only to its signature', () => {
    expect(make().ask(0xd0, 0, 0).error).toBe(4);
  });

  it('returns its status in the signature', () => {
    expect([make().ask(0xda).lba, make({ failing: true }).ask(0xda).lba]).toEqual([0xc24f00, 0x2cf400]);
  });

  it('runs a self-test to its end, and keeps it in both logs', () => {
    const { clock, machine, ask, execution } = make({ selfTest: 'fails' });
    ask(0xd4, 1);
    expect(execution() >> 4).toBe(15);
    clock.advance(2 * MINUTE);
    expect(execution() >> 4).toBe(7);
    const log = ask(0xd5, 6).data!;
    expect([log[508], log[3]! >> 4, log.readUInt32LE(7)]).toEqual([1, 7, 77]);
    expect(machine.log(7, 0, 1)!.readUIntLE(9, 6)).toBe(77);
  });

  it('aborts, and interrupts, a self-test that never ends', () => {
    const { clock, machine, ask, execution } = make({ selfTest: 'never-ends' });
    ask(0xd4, 2);
    clock.advance(1e9);
    expect(execution()).toBe(0xf0);
    ask(0xd4, 0x7f);
    expect(execution() >> 4).toBe(1);
    ask(0xd4, 1);
    machine.powerOn();
    expect(execution() >> 4).toBe(2);
  });

  it('has no page whose sum is not zero', () => {
    const { machine, ask } = make();
    const pages = [ask(0xd0), ask(0xd1), ask(0xd5, 1), ask(0xd5, 6)].map(({ data }) => data!);
    for (const page of [...pages, machine.log(3, 0, 1)!, machine.log(7, 0, 1)!])
      expect(page.reduce((sum, byte) => sum + byte, 0) % 256).toBe(0);
    expect([machine.log(9, 0, 1), ask(0xd5, 9).error]).toEqual([null, 4]);
  });
});
