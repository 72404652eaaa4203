// A drive as its controllers use it, and as the lab's hands do: commands in, power out.
import { type Command, DONE, type Outcome, refused } from './command.ts';
import type { NvmeModel } from './describe.ts';
import { format } from './format.ts';
import { type Controller, identify } from './identify.ts';
import { performIo } from './io.ts';
import { getLog } from './logs.ts';
import { attachNamespace, manageNamespace } from './namespaces.ts';
import { refusedWhileSanitizing, sanitize } from './sanitize.ts';
import { endSelfTest, SELF_TEST_RESULT, selfTest } from './self-test.ts';
import { eui64Of, makeState, type NvmeState, type Outside } from './state.ts';
import type { Clock } from '../clock.ts';
import { type AdminName, ioName, STATUS } from './words.ts';

export type NvmeDrive = {
  state: NvmeState;
  /** Admin commands that are the drive's and not one controller's. */
  admin(name: AdminName, command: Command, data: Buffer, controller: Controller): Promise<Outcome>;
  io(command: Command, data: Buffer): Outcome;
  /** The medium as it is by now, also in the middle of an erase. */
  settle(): void;
  /** A sanitize stands still, a format is over and half done, all else that is volatile is lost. */
  powerOff(): void;
  powerOn(): void;
  /** A command came to nothing: the error log and its count. */
  failed(queue: number, command: Command, outcome: Outcome): void;
};

export function makeNvmeDrive(model: NvmeModel, identity: string, clock: Clock, outside: Outside): NvmeDrive {
  const state = makeState(model, identity, clock, outside);
  const settle = (): void => void state.erasing?.erase.progress();

  const admin: NvmeDrive['admin'] = async (name, command, data, controller) => {
    settle();
    const refusal = refusedWhileSanitizing(state, name, command);
    if (refusal) return refusal;
    switch (name) {
      case 'identify':
        return identify(state, controller, command);
      case 'getLog':
        return getLog(state, command);
      case 'format':
        return format(state, command);
      case 'sanitize':
        return sanitize(state, command);
      case 'selfTest':
        return selfTest(state, command);
      case 'manageNamespace':
        return manageNamespace(state, command, data, (id) => eui64Of(identity, id));
      case 'attachNamespace':
        return attachNamespace(state, command, data, controller.id);
      case 'keepAlive':
        return DONE;
      case 'abort':
      case 'setFeatures':
      case 'getFeatures':
      case 'asynchronousEvent':
        return refused('invalid-opcode');
    }
  };

  return {
    ...{ state, admin, settle },
    io(command, data) {
      settle();
      const name = ioName(command.opcode);
      if (!name) return refused('invalid-opcode');
      return refusedWhileSanitizing(state, null, command) ?? performIo(state, name, command, data);
    },
    powerOff() {
      state.erasing?.erase.stop();
      if (state.erasing?.kind === 'format') state.erasing = null;
      endSelfTest(state, SELF_TEST_RESULT.reset);
      state.counters.unsafeShutdowns += 1;
    },
    powerOn() {
      state.counters.powerCycles += 1;
      state.frozen = false;
      state.medium.powerCycle();
      state.erasing?.resume(state.erasing.erase.progress());
    },
    failed(queue, command, { status }) {
      const lba = queue === 0 ? 0n : (BigInt(command.cdw11) << 32n) | BigInt(command.cdw10);
      const entry = { queue, cid: command.cid, status: STATUS[status], nsid: command.nsid, lba };
      state.failedCommands = [entry, ...state.failedCommands].slice(0, 16);
      state.errorCount += 1;
    },
  };
}
