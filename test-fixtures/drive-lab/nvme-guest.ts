// A small guest whose kernel connects to the lab's NVMe drives, one after another or several at once.
import type { Laptop } from '../virtual-laptop/laptop.ts';
import { MODULES, type SmallGuest, startSmallGuest } from '../virtual-laptop/small-guest.ts';
import { LISTEN, lineRunner, type LineRunner } from './guest.ts';
import type { LabNvme } from './nvme.ts';

export type NvmeGuest = AsyncDisposable & {
  laptop: Laptop;
  run: LineRunner;
  /** Connects, and waits for the controller and, unless `block` is false, for a block device. */
  connect(drive: LabNvme, options?: { block?: boolean }): Promise<Connected>;
  /** Both ends forget each other. */
  disconnect(drive: LabNvme): Promise<void>;
};

/** Device files; `block` is that of the first namespace. */
type Connected = { controller: string; block: string };

type Asked = Partial<SmallGuest> & Pick<SmallGuest, 'folder' | 'tree'>;

const PROGRAMS = ['nvme', 'smartctl', 'blkdiscard'].map((name) => `usr/sbin/${name}`);

/**
 * Shell functions for scripts of a test's own: `lab_network` first. `lab_controller NQN` prints nvme0, `lab_block NQN`
 * nvme0n1, or nothing; `lab_wait FUNCTION NQN` prints the same once it is there, `lab_gone NQN` waits until it is not,
 * each for 20 s at most.
 */
const NVME_WORDS = `
lab_network() {
  until [ -e /sys/class/net/eth0 ]; do usleep 100000; done
  ifconfig lo 127.0.0.1 up
  ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
}
lab_controller() {
  for lab_place in /sys/class/nvme/nvme*; do
    [ "$(cat $lab_place/subsysnqn 2>/dev/null)" = "$1" ] && basename $lab_place
  done
}
lab_block() {
  lab_name=$(lab_controller $1)
  [ -n "$lab_name" ] || return 1
  for lab_place in /sys/class/nvme/$lab_name/nvme*n*; do
    [ -b /dev/$(basename $lab_place) ] && basename $lab_place && return 0
  done
}
lab_wait() {
  for lab_turn in $(seq 200); do
    lab_found=$($1 $2)
    [ -n "$lab_found" ] && echo $lab_found && return 0
    usleep 100000
  done
  return 1
}
lab_gone() {
  for lab_turn in $(seq 200); do
    [ -z "$(lab_controller $1)" ] && return 0
    usleep 100000
  done
  return 1
}
`;

const NVME_GUEST = {
  network: 'on',
  modules: [...MODULES.network, 'nvme_tcp'],
  files: Object.fromEntries(PROGRAMS.map((system) => [system, { system }])),
} as const;

export async function startNvmeGuest(asked: Asked): Promise<NvmeGuest> {
  const { modules = [], files = {}, ...rest } = asked;
  const laptop = await startSmallGuest({
    ...{ network: NVME_GUEST.network, script: `${NVME_WORDS}\ndmesg -n 1\nlab_network\n${LISTEN}` },
    ...rest,
    modules: [...NVME_GUEST.modules, ...modules],
    files: { ...NVME_GUEST.files, ...files },
  });
  await laptop.serial.waitFor(/lab guest listens/, { timeout: 60_000 });
  const run = lineRunner(laptop);
  const must = async (line: string): Promise<string> => {
    const { text, status } = await run(line);
    if (status !== 0) throw new Error(`${line}\nended with ${status}:\n${text}`);
    return text.trim();
  };

  return {
    ...{ laptop, run },
    async connect(drive, { block = true } = {}) {
      const waits = ['lab_controller', ...(block ? ['lab_block'] : [])].map(
        (each) => `lab_wait ${each} ${drive.nqn}`,
      );
      const names = await must([`${drive.connect} >/dev/null`, ...waits].join(' && '));
      const [controller = '', found = ''] = names.split('\n').map((name) => name && `/dev/${name}`);
      return { controller, block: found };
    },
    disconnect: async (drive) => void (await must(`${drive.disconnect} && lab_gone ${drive.nqn}`)),
    [Symbol.asyncDispose]: () => laptop[Symbol.asyncDispose](),
  };
}
