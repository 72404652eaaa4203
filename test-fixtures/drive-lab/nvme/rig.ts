// A drive without a wire, on a clock that the test moves: for the unit tests of its states.
import { manualClock } from '../clock.ts';
import { type Command, commandOf, type Outcome } from './command.ts';
import { describeNvme, type NvmeDescription } from './describe.ts';
import { makeNvmeDrive, type NvmeDrive } from './drive.ts';
import { ADDRESSABLE } from './state.ts';
import { ADMIN, type AdminName, IO, type IoName } from './words.ts';

export type Words = Partial<Pick<Command, 'nsid' | 'cdw10' | 'cdw11' | 'cdw12' | 'cdw13'>>;

const CONTROLLER = { id: 1, subsystem: 'nqn.2014-08.org.nvmexpress:uuid:rig' };

export function rig(description: NvmeDescription = {}) {
  const clock = manualClock();
  const happened: string[] = [];
  const drive: NvmeDrive = makeNvmeDrive(describeNvme(description), 'rig', clock, {
    powerLost() {
      happened.push('power-lost');
      drive.powerOff();
    },
    removed() {
      happened.push('removed');
      drive.powerOff();
    },
    disconnected: () => void happened.push('disconnected'),
    hung() {
      happened.push('hung');
      drive.powerOff();
    },
    event: (dword) => void happened.push(`event ${dword.toString(16)}`),
  });
  const { store } = drive.state.medium;
  const admin = (name: AdminName, words: Words = {}, data: Buffer = Buffer.alloc(0)): Promise<Outcome> =>
    drive.admin(name, command(ADMIN[name], words), data, CONTROLLER);
  const io = (name: IoName, words: Words = {}, data: Buffer = Buffer.alloc(0)): Outcome =>
    drive.io(command(IO[name], { nsid: 1, ...words }), data);

  return {
    ...{ drive, clock, happened, admin, io, state: drive.state },
    identify: async (structure: number, nsid = 0): Promise<Buffer> =>
      (await admin('identify', { nsid, cdw10: structure })).data!,
    sanitizeLog: async () => {
      const page = (await admin('getLog', { cdw10: 0x81 | (127 << 16) })).data!;
      return { progress: page.readUInt16LE(0), status: page.readUInt16LE(2) & 7, page };
    },
    read: (lba: number, blocks = 1, nsid = 1): Outcome => io('read', { nsid, cdw10: lba, cdw12: blocks - 1 }),
    write: (lba: number, data: Buffer, nsid = 1): Outcome =>
      io('write', { nsid, cdw10: lba, cdw12: data.length / 512 - 1 }, data),
    left: () => {
      drive.settle();
      return store.ownerLeft().bytes;
    },
    leftInNamespace: (id: number) => {
      drive.settle();
      return store.ownerLeft(drive.state.namespaces.get(id)!.range).bytes;
    },
    owned: (lba: number, blocks = 1): Buffer =>
      store.ownerData({ start: lba * 512, end: (lba + blocks) * 512 }),
    addressable: store.areas[ADDRESSABLE]!.end,
    total: store.size,
  };
}

function command(opcode: number, { nsid = 0, cdw10 = 0, cdw11 = 0, cdw12 = 0, cdw13 = 0 }: Words): Command {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt8(opcode, 0);
  bytes.writeUInt16LE(7, 2);
  bytes.writeUInt32LE(nsid, 4);
  for (const [index, word] of [cdw10, cdw11, cdw12, cdw13].entries())
    bytes.writeUInt32LE(word >>> 0, 40 + index * 4);
  return commandOf(bytes);
}

/** Command dword 10 of Sanitize. */
export const SANITIZE = {
  exitFailure: 1,
  block: 2,
  overwrite: 3 | (1 << 4),
  crypto: 4,
  ause: 8,
  noDeallocate: 0x200,
};
/** Command dword 10 of Format NVM: the secure erase setting; the LBA format is 0. */
export const FORMAT = { none: 0, userData: 1 << 9, crypto: 2 << 9 };
