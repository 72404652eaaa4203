import { describe, expect, it } from 'vitest';
import { describeAta } from '../describe.ts';
import type { Misbehaviour } from '../misbehaviour.ts';
import { makeSecurity, type SecurityCommand, type SecurityMachine } from './security.ts';

function block(password: string, { master = false, enhanced = false, maximum = false } = {}): Buffer {
  const bytes = Buffer.alloc(512);
  bytes[0] = (master ? 1 : 0) | (enhanced ? 2 : 0);
  bytes[1] = maximum ? 1 : 0;
  bytes.write(password, 2, 'latin1');
  return bytes;
}

type WithBlock = Extract<SecurityCommand, { block: Buffer }>['name'];
const ask = (machine: SecurityMachine, name: WithBlock, ...args: Parameters<typeof block>) =>
  machine.command({ name, block: block(...args) });

const make = (misbehaviours: Misbehaviour[] = [], security = {}) =>
  makeSecurity(describeAta({ size: '1M', security }).security!, misbehaviours);

function powerCycle(machine: SecurityMachine): void {
  machine.powerOff();
  machine.powerOn();
}

describe('the Security feature set', () => {
  it('goes through its seven states', () => {
    const machine = make();
    const states = [machine.state()];
    const after = (act: () => unknown) => (act(), states.push(machine.state()));
    after(() => machine.command({ name: 'securityFreezeLock' }));
    after(() => machine.powerOff());
    after(() => machine.powerOn());
    after(() => ask(machine, 'securitySetPassword', 'pw'));
    after(() => machine.command({ name: 'securityFreezeLock' }));
    after(() => machine.powerOff());
    after(() => machine.powerOn());
    after(() => ask(machine, 'securityUnlock', 'pw'));
    after(() => ask(machine, 'securityDisablePassword', 'pw'));
    expect(states).toEqual(['SEC1', 'SEC2', 'SEC0', 'SEC1', 'SEC5', 'SEC6', 'SEC3', 'SEC4', 'SEC5', 'SEC1']);
  });

  it('erases only after PREPARE, with the right password', () => {
    const machine = make();
    ask(machine, 'securitySetPassword', 'pw');
    expect(ask(machine, 'securityEraseUnit', 'pw')).toBe('aborted');
    machine.command({ name: 'securityErasePrepare' });
    expect(ask(machine, 'securityEraseUnit', 'wrong')).toBe('aborted');
    machine.command({ name: 'securityErasePrepare' });
    machine.otherCommand();
    expect(ask(machine, 'securityEraseUnit', 'pw')).toBe('aborted');
    machine.command({ name: 'securityErasePrepare' });
    expect(ask(machine, 'securityEraseUnit', 'pw', { enhanced: true })).toEqual({ erase: 'enhanced' });
    machine.erased();
    expect(machine.state()).toBe('SEC1');
    expect(machine.words().status & 0b11_111).toBe(1);
  });

  it('accepts nothing when frozen, and thaws with its power', () => {
    const machine = make([{ kind: 'frozen' }]);
    expect(machine.state()).toBe('SEC2');
    expect(ask(machine, 'securitySetPassword', 'pw')).toBe('aborted');
    expect(machine.command({ name: 'securityErasePrepare' })).toBe('aborted');
    powerCycle(machine);
    expect(ask(machine, 'securitySetPassword', 'pw')).toBe('done');
  });

  it('counts five wrong passwords, and then refuses the right one until its power is cycled', () => {
    const machine = make([], { userPassword: 'right' });
    for (let time = 0; time < 5; time += 1) expect(ask(machine, 'securityUnlock', 'wrong')).toBe('aborted');
    expect(machine.words().status & 16).toBe(16);
    expect(ask(machine, 'securityUnlock', 'right')).toBe('aborted');
    machine.command({ name: 'securityErasePrepare' });
    expect(ask(machine, 'securityEraseUnit', 'right')).toBe('aborted');
    powerCycle(machine);
    expect(ask(machine, 'securityUnlock', 'right')).toBe('done');
    const expired = make([{ kind: 'attempts-expired' }], { userPassword: 'right' });
    expect(ask(expired, 'securityUnlock', 'right')).toBe('aborted');
  });

  it('lets the master password in unless the level is maximum, and lets it erase always', () => {
    for (const maximum of [false, true]) {
      const machine = make([], { masterPassword: 'm' });
      ask(machine, 'securitySetPassword', 'pw', { maximum });
      powerCycle(machine);
      expect(machine.words().status & 0x100).toBe(maximum ? 0x100 : 0);
      expect(ask(machine, 'securityUnlock', 'm', { master: true })).toBe(maximum ? 'aborted' : 'done');
      machine.command({ name: 'securityErasePrepare' });
      expect(ask(machine, 'securityEraseUnit', 'm', { master: true })).toEqual({ erase: 'normal' });
    }
  });

  it('is locked by what nobody knows', () => {
    const machine = make([{ kind: 'locked-by-unknown-password' }]);
    expect([machine.state(), machine.locked()]).toEqual(['SEC4', true]);
    expect(ask(machine, 'securityUnlock', '', { master: true })).toBe('aborted');
    machine.command({ name: 'securityErasePrepare' });
    expect(ask(machine, 'securityEraseUnit', '', { master: true })).toBe('aborted');
    expect(ask(machine, 'securitySetPassword', 'pw')).toBe('aborted');
  });

  it('aborts what it advertises, when it is told to', () => {
    const machine = make([{ kind: 'enhanced-advertised-but-unsupported' }]);
    ask(machine, 'securitySetPassword', 'pw');
    machine.command({ name: 'securityErasePrepare' });
    expect(ask(machine, 'securityEraseUnit', 'pw', { enhanced: true })).toBe('aborted');
    expect([machine.state(), machine.words().status & 32]).toEqual(['SEC5', 32]);
    machine.command({ name: 'securityErasePrepare' });
    expect(ask(machine, 'securityEraseUnit', 'pw')).toEqual({ erase: 'normal' });
  });
});
