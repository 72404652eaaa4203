// The Security feature set (ACS-4 4.18): passwords, locking, freezing, and the permission to erase.
import type { Security } from '../describe.ts';
import { type Misbehaviour, misbehaviourOf } from '../misbehaviour.ts';

/** The states of ACS-4 4.18.10; SEC0 and SEC3 are those of a drive without power. */
type SecurityState = 'SEC0' | 'SEC1' | 'SEC2' | 'SEC3' | 'SEC4' | 'SEC5' | 'SEC6';

export type EraseKind = 'normal' | 'enhanced';

export type SecurityCommand =
  | { name: 'securitySetPassword' | 'securityUnlock' | 'securityDisablePassword'; block: Buffer }
  | { name: 'securityEraseUnit'; block: Buffer }
  | { name: 'securityErasePrepare' | 'securityFreezeLock' };

type SecurityAnswer = 'done' | 'aborted' | { erase: EraseKind };

export type SecurityMachine = {
  state(): SecurityState;
  locked(): boolean;
  command(asked: SecurityCommand): SecurityAnswer;
  /** Any other command comes between ERASE PREPARE and ERASE UNIT. */
  otherCommand(): void;
  /** The password goes with the data. */
  erased(): void;
  powerOff(): void;
  powerOn(): void;
  /** Words 82 bit 1, 85 bit 1, 89, 90, 92, 128 of IDENTIFY DEVICE. */
  words(): { enabled: boolean; minutes: number; enhancedMinutes: number; masterId: number; status: number };
};

type Memory = {
  user: Buffer | null;
  master: Buffer;
  masterId: number;
  maximum: boolean;
  powered: boolean;
  locked: boolean;
  frozen: boolean;
  attempts: number;
  prepared: boolean;
};

const ATTEMPTS = 5;
const ENDLESS_MINUTES = 90 * 24 * 60;
const FACTORY_MASTER_ID = 0xfffe;

export function makeSecurity(given: Security, misbehaviours: readonly Misbehaviour[]): SecurityMachine {
  const memory = firstMemory(given, misbehaviours);
  const state = (): SecurityState => stateOf(memory);
  const endless = misbehaviourOf(misbehaviours, 'endless-estimate') !== null;
  const broken = misbehaviourOf(misbehaviours, 'enhanced-advertised-but-unsupported') !== null;

  const command = (asked: SecurityCommand): SecurityAnswer => {
    const prepared = memory.prepared;
    memory.prepared = false;
    switch (asked.name) {
      case 'securitySetPassword':
        return setPassword(memory, asked.block);
      case 'securityUnlock':
        return unlock(memory, asked.block);
      case 'securityDisablePassword':
        return disable(memory, asked.block);
      case 'securityErasePrepare':
        memory.prepared = !memory.frozen;
        return memory.frozen ? 'aborted' : 'done';
      case 'securityFreezeLock':
        if (memory.locked) return 'aborted';
        memory.frozen = true;
        return 'done';
      case 'securityEraseUnit': {
        const enhanced = (asked.block[0]! & 2) !== 0;
        if (enhanced && (!given.enhanced || broken)) return 'aborted';
        return mayErase(memory, asked.block, prepared)
          ? { erase: enhanced ? 'enhanced' : 'normal' }
          : 'aborted';
      }
    }
  };

  return {
    state,
    locked: () => memory.locked,
    command,
    otherCommand: () => void (memory.prepared = false),
    erased: () => void Object.assign(memory, { user: null, locked: false, maximum: false }),
    powerOff: () => void (memory.powered = false),
    powerOn() {
      const locked = memory.user !== null;
      Object.assign(memory, { powered: true, locked, frozen: false, attempts: ATTEMPTS, prepared: false });
    },
    words: () => ({
      enabled: memory.user !== null,
      minutes: endless ? ENDLESS_MINUTES : given.minutes,
      enhancedMinutes: endless ? ENDLESS_MINUTES : given.enhancedMinutes,
      masterId: memory.masterId,
      status: statusWord(memory, given.enhanced),
    }),
  };
}

function firstMemory(given: Security, misbehaviours: readonly Misbehaviour[]): Memory {
  const unknown = misbehaviourOf(misbehaviours, 'locked-by-unknown-password') !== null;
  const expired = misbehaviourOf(misbehaviours, 'attempts-expired') !== null;
  const known = given.userPassword === null ? null : padded(given.userPassword);
  const nobodyKnows = Buffer.from('Nobody knows what was typed here', 'latin1');
  const user = unknown || (expired && !known) ? nobodyKnows : known;
  return {
    user,
    master: unknown ? nobodyKnows : padded(given.masterPassword),
    masterId: FACTORY_MASTER_ID,
    maximum: unknown,
    powered: true,
    locked: user !== null,
    frozen: misbehaviourOf(misbehaviours, 'frozen') !== null && user === null,
    attempts: expired ? 0 : ATTEMPTS,
    prepared: false,
  };
}

function padded(password: string): Buffer {
  const block = Buffer.alloc(32);
  block.write(password, 'latin1');
  return block;
}

function stateOf({ powered, user, locked, frozen }: Memory): SecurityState {
  if (user === null) return powered ? (frozen ? 'SEC2' : 'SEC1') : 'SEC0';
  if (!powered) return 'SEC3';
  return locked ? 'SEC4' : frozen ? 'SEC6' : 'SEC5';
}

const passwordIn = (block: Buffer): Buffer => block.subarray(2, 34);
const isMaster = (block: Buffer): boolean => (block[0]! & 1) !== 0;

function setPassword(memory: Memory, block: Buffer): SecurityAnswer {
  if (memory.locked || memory.frozen) return 'aborted';
  const password = Buffer.from(passwordIn(block));
  if (isMaster(block)) {
    memory.master = password;
    const id = block.readUInt16LE(34);
    if (id !== 0 && id !== 0xffff) memory.masterId = id;
    return 'done';
  }
  memory.user = password;
  memory.maximum = (block[1]! & 1) !== 0;
  return 'done';
}

/** With the level maximum the master password opens nothing: it only erases. */
function fits(memory: Memory, block: Buffer, toErase: boolean): boolean {
  if (isMaster(block)) return (toErase || !memory.maximum) && memory.master.equals(passwordIn(block));
  return memory.user?.equals(passwordIn(block)) ?? false;
}

function unlock(memory: Memory, block: Buffer): SecurityAnswer {
  if (memory.frozen || memory.attempts === 0) return 'aborted';
  if (!memory.locked) return memory.user === null ? 'aborted' : 'done';
  if (fits(memory, block, false)) {
    Object.assign(memory, { locked: false, attempts: ATTEMPTS });
    return 'done';
  }
  memory.attempts -= 1;
  return 'aborted';
}

function disable(memory: Memory, block: Buffer): SecurityAnswer {
  if (memory.locked || memory.frozen || memory.user === null || !fits(memory, block, false)) return 'aborted';
  Object.assign(memory, { user: null, maximum: false });
  return 'done';
}

function mayErase(memory: Memory, block: Buffer, prepared: boolean): boolean {
  return prepared && !memory.frozen && memory.attempts > 0 && fits(memory, block, true);
}

function statusWord(memory: Memory, enhanced: boolean): number {
  const bits = [
    true,
    memory.user !== null,
    memory.locked,
    memory.frozen,
    memory.attempts === 0,
    enhanced,
    false,
    false,
    memory.maximum && memory.user !== null,
  ];
  return bits.reduce((word, set, at) => word | (set ? 1 << at : 0), 0);
}
