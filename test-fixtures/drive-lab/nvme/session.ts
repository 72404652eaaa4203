// One host's association with a drive: a controller, from the Connect of its admin queue to the end of that socket.
import { adminDetail, ioDetail, type Note } from './command-log.ts';
import { type Command, DONE, type Outcome, refused } from './command.ts';
import type { ConnectRequest } from './connect.ts';
import type { Answer, Line, Queue } from './connection.ts';
import type { NvmeDrive } from './drive.ts';
import { features } from './features.ts';
import type { Controller } from './identify.ts';
import { endSelfTest, SELF_TEST_RESULT } from './self-test.ts';
import { registers } from './registers.ts';
import { StoreError } from '../store.ts';
import { type AdminName, adminName, FABRICS, FABRICS_TYPE, ioName } from './words.ts';

export type Session = {
  controller: Controller;
  host: string;
  enabled(): boolean;
  adminQueue(line: Line, ended: () => void): Queue;
  ioQueue(request: ConnectRequest, line: Line): Queue;
  event(dword: number): void;
  mute(): void;
  hangUp(): void;
};

const MOST_EVENT_REQUESTS = 4;
const MOST_EVENTS_KEPT = 8;

export function makeSession(drive: NvmeDrive, controller: Controller, host: string, note: Note): Session {
  const lines = new Set<Line>();
  const waiting: ((outcome: Outcome) => void)[] = [];
  const events: number[] = [];
  const feature = features(drive.state);
  const register = registers(() => {
    waiting.length = 0;
    // A long one goes on through resets.
    if (drive.state.selfTest?.kind === 'short') endSelfTest(drive.state, SELF_TEST_RESULT.reset);
  });

  const event = (dword: number): void => {
    const requester = waiting.shift();
    if (requester) requester({ status: 'success', result: BigInt(dword) });
    else if (events.length < MOST_EVENTS_KEPT) events.push(dword);
  };
  const awaitEvent = (): Outcome | Promise<Outcome> => {
    const kept = events.shift();
    if (kept !== undefined) return { status: 'success', result: BigInt(kept) };
    if (waiting.length >= MOST_EVENT_REQUESTS) return refused('too-many-event-requests');
    return new Promise((resolve) => void waiting.push(resolve));
  };

  const admin = (name: AdminName, command: Command, data: Buffer): Outcome | Promise<Outcome> => {
    // These are the controller's own; all else is the drive's.
    if (name === 'asynchronousEvent') return awaitEvent();
    // Bit 0: the command was not aborted, which a controller may always say.
    if (name === 'abort') return { status: 'success', result: 1n };
    if (name === 'setFeatures') return feature.set(command);
    if (name === 'getFeatures') return feature.get(command);
    return drive.admin(name, command, data, controller);
  };

  const fabrics = (command: Command): Outcome => {
    switch (command.bytes.readUInt8(4)) {
      case FABRICS_TYPE.propertyGet:
        return register.get(command);
      case FABRICS_TYPE.propertySet:
        return register.set(command);
      case FABRICS_TYPE.connect:
        return refused('sequence-error');
      default:
        return refused('invalid-opcode');
    }
  };

  const noted = (queue: number, command: Command, words: string, outcome: Outcome): Outcome => {
    if (outcome.status !== 'success') drive.failed(queue, command, outcome);
    note({ queue, nsid: command.nsid, words, status: outcome.status });
    return outcome;
  };
  const io = (queue: number, command: Command, data: Buffer, words: string): Outcome => {
    try {
      return noted(queue, command, words, drive.io(command, data));
    } catch (error) {
      // A test that writes more than the lab keeps is to find the reason in the drive's log.
      if (!(error instanceof StoreError)) throw error;
      return noted(queue, command, `${words}: ${error.message}`, refused('internal-error'));
    }
  };
  const perform = async (queue: number, command: Command, data: Buffer): Promise<Answer> => {
    if (command.opcode === FABRICS) return fabrics(command);
    if (!register.enabled()) return refused('sequence-error');
    if (queue > 0) {
      return io(queue, command, data, ioDetail(ioName(command.opcode), command));
    }
    const name = adminName(command.opcode);
    if (!name) return noted(queue, command, `opcode ${command.opcode}`, refused('invalid-opcode'));
    return noted(queue, command, adminDetail(name, command), await admin(name, command, data));
  };

  const queueOf = (id: number, connected: Outcome, line: Line, ended: () => void): Queue => {
    lines.add(line);
    return {
      ...{ id, connected },
      perform: (command, data) => perform(id, command, data),
      ended() {
        lines.delete(line);
        ended();
      },
    };
  };

  const hangUp = (): void => {
    for (const line of lines) line.hangUp();
  };
  return {
    ...{ controller, host, event, hangUp },
    enabled: register.enabled,
    adminQueue(line, ended) {
      const connected: Outcome = { status: 'success', result: BigInt(controller.id) };
      return queueOf(0, connected, line, () => {
        hangUp();
        ended();
      });
    },
    ioQueue: (request, line) =>
      queueOf(request.queue, { ...DONE, result: BigInt(controller.id) }, line, () => {}),
    mute() {
      for (const line of lines) line.mute();
    },
  };
}
