import type { RecordedBytes, Recording } from '../../agent/src/effects/replay.ts';
import type { Claim } from '../../agent/src/effects/types.ts';
import {
  type Bus,
  type Disk,
  exclusiveUsers,
  type Layer,
  type Machine,
  type Mounted,
  wholeOf,
} from './machine.ts';

/** The kernel links a stack in both directions; either one alone must be enough. */
export type Directions = 'both' | 'holders' | 'slaves';

const PCI = '/sys/devices/pci0000:00/0000:00:17.0';
const PATHS: Record<Bus, (name: string) => string> = {
  sata: (name) => `${PCI}/ata1/host0/target0:0:0/0:0:0:0/block/${name}`,
  usb: (name) => `${PCI}/usb2/2-1/2-1:1.0/host4/target4:0:0/4:0:0:0/block/${name}`,
  nvme: (name) => `/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/${name}`,
  mmc: (name) => `${PCI}/mmc_host/mmc0/mmc0:0001/block/${name}`,
  virtio: (name) => `${PCI}/virtio1/block/${name}`,
  iscsi: (name) => `/sys/devices/platform/host3/session1/target3:0:0/3:0:0:0/block/${name}`,
  'nvme-tcp': (name) => `/sys/devices/virtual/nvme-fabrics/ctl/nvme9/${name}`,
};

/** sysfs, proc and udev's database as the kernel would show this machine, and the kernel's word on each whole disk. */
export function render(
  machine: Machine,
  directions: Directions = 'both',
): { recording: Recording; claim: Claim } {
  const recording: Recording = { runs: {}, files: {}, lists: {}, links: {} };
  const numbers = numbersOf(machine);
  const whole = machine.layers.filter(({ type }) => !['partition', 'bcache-cache', 'zpool'].includes(type));
  const hidden = machine.disks.filter(({ multipath }) => multipath).map(pathNode);
  recording.lists['/sys/block'] = [...machine.disks, ...whole].map(({ name }) => name).concat(hidden);
  for (const disk of machine.disks) renderDisk(disk, recording);
  for (const name of hidden) {
    recording.lists[`/sys/block/${name}`] = ['hidden', 'size', 'holders'];
    recording.files[`/sys/block/${name}/hidden`] = '1\n';
  }
  for (const node of [...machine.disks, ...machine.layers])
    renderNode(node, machine, numbers, directions, recording);
  renderMounts(machine, numbers, recording);
  renderSwaps(machine, recording);
  renderPools(machine, recording);
  const busy = new Set(
    exclusiveUsers(machine)
      .flat()
      .map((name) => wholeOf(name, machine)),
  );
  return {
    recording,
    claim: (path) => Promise.resolve(busy.has(path.replace('/dev/', '')) ? 'busy' : 'free'),
  };
}

function numbersOf({ disks, layers }: Machine): Map<string, string> {
  return new Map([...disks, ...layers].map(({ name }, index) => [name, `${8 + (index >> 4)}:${index & 15}`]));
}

/** `nvme0n1` → `nvme0c0n1` */
function pathNode({ name }: Disk): string {
  return name.replace(/n(\d+)$/, 'c0n$1');
}

function renderDisk(disk: Disk, { files, links }: Recording): void {
  const folder = `/sys/block/${disk.name}`;
  links[folder] = PATHS[disk.bus](disk.name);
  const facts: Record<string, string | null> = {
    size: String(disk.sectors),
    diskseq: String(disk.diskseq),
    removable: '0',
    serial: disk.serial,
    'device/model': disk.model,
    'device/wwid': disk.wwid,
    'queue/logical_block_size': '512',
    'queue/physical_block_size': '4096',
    'queue/rotational': '0',
    'device/subsysnqn': disk.subsystem,
    'device/transport': disk.bus === 'nvme' ? 'pcie' : disk.bus === 'nvme-tcp' ? 'tcp' : null,
  };
  for (const [path, value] of Object.entries(facts))
    if (value !== null) files[`${folder}/${path}`] = `${value}\n`;
}

function renderNode(
  node: Disk | Layer,
  machine: Machine,
  numbers: ReadonlyMap<string, string>,
  directions: Directions,
  { files, lists, links }: Recording,
): void {
  const { name } = node;
  const layer = 'on' in node ? node : null;
  if (layer?.type === 'bcache-cache' || layer?.type === 'zpool') return;
  const folder = layer?.type === 'partition' ? `/sys/block/${layer.on[0]}/${name}` : `/sys/block/${name}`;
  const above = machine.layers.filter(({ on }) => on.includes(name));
  const holds = ({ type }: Layer): boolean => ['dm', 'md', 'bcache'].includes(type);
  const entries = ['dev', 'ro', 'holders', 'size'];
  if (layer?.type !== 'partition') entries.push('slaves', 'hidden');
  if (layer === null) entries.push('diskseq');
  entries.push(...above.filter(({ type }) => type === 'partition').map((part) => part.name));
  if (above.some(({ type }) => type === 'bcache' || type === 'bcache-cache')) entries.push('bcache');
  files[`${folder}/dev`] = `${numbers.get(name)}\n`;
  files[`${folder}/ro`] = layer === null && (node as Disk).readOnly ? '1\n' : '0\n';
  files[`${folder}/hidden`] = '0\n';
  lists[`${folder}/holders`] = directions === 'slaves' ? [] : above.filter(holds).map((each) => each.name);
  lists[`${folder}/slaves`] = layer && holds(layer) && directions !== 'holders' ? layer.on : [];
  if (layer?.alias) {
    entries.push('dm');
    files[`${folder}/dm/name`] = `${layer.alias}\n`;
    links[`/dev/mapper/${layer.alias}`] = `/dev/${name}`;
  }
  const back = layer?.file?.path ?? `/dev/${layer?.on[0]}`;
  if (layer?.type === 'loop') {
    entries.push('loop');
    files[`${folder}/loop/backing_file`] = `${back}\n`;
  }
  if (layer?.type === 'zram') {
    entries.push('backing_dev');
    files[`${folder}/backing_dev`] = `${layer.on.length > 0 ? back : 'none'}\n`;
  }
  lists[folder] = entries;
  const { type = null, label = null } = machine.signatures.get(name) ?? {};
  const words = [type && `E:ID_FS_TYPE=${type}`, label && `E:ID_FS_LABEL=${label}`].filter(Boolean);
  files[`/run/udev/data/b${numbers.get(name)}`] = ['I:1', ...words, ''].join('\n');
}

function renderMounts(
  machine: Machine,
  numbers: ReadonlyMap<string, string>,
  { files, lists, links }: Recording,
): void {
  const spelt = (name: string, { spelling }: Mounted): string => {
    const alias = machine.layers.find((layer) => layer.name === name)?.alias;
    if (alias) return `/dev/mapper/${alias}`;
    if (spelling === 'node') return `/dev/${name}`;
    links[`/dev/disk/by-id/${name}-x`] = `/dev/${name}`;
    return `/dev/disk/by-id/${name}-x`;
  };
  const line = (mount: Mounted, index: number): string => {
    const [first] = mount.on;
    const number = mount.anonymous || first === undefined ? `0:${40 + index}` : numbers.get(first);
    const source =
      mount.fsType === 'zfs'
        ? `${poolOf(mount, machine)}/data`
        : mount.fsType === 'bcachefs'
          ? mount.on.map((name) => spelt(name, mount)).join(':')
          : first === undefined
            ? mount.fsType
            : spelt(first, mount);
    const folders = mount.over.map(({ folder }) => folder.replaceAll(' ', '\\040'));
    const options = folders.length > 0 ? `rw,lowerdir=${folders.join(':')}` : 'rw';
    return `${30 + index} 1 ${number} / ${mount.place.replaceAll(' ', '\\040')} rw - ${mount.fsType} ${source} ${options}\n`;
  };
  const root = '1 1 0:2 / / rw - rootfs rootfs rw\n9 1 0:5 / /dev rw - devtmpfs udev rw\n';
  const table = (who: 'self' | 'first'): string =>
    root +
    machine.mounts.map((mount, at) => ([who, 'both'].includes(mount.seen) ? line(mount, at) : '')).join('');
  files['/proc/self/mountinfo'] = table('self');
  files['/proc/1/mountinfo'] = table('first');
  const volumes = machine.mounts.filter(({ fsType }) => fsType === 'btrfs');
  const ids = volumes.map((_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);
  if (volumes.length > 0) lists['/sys/fs/btrfs'] = ['features', ...ids];
  ids.forEach((id, index) => (lists[`/sys/fs/btrfs/${id}/devices`] = volumes[index]?.on ?? []));
}

function poolOf({ on }: Mounted, machine: Machine): string {
  return machine.layers.find(({ name }) => on.includes(name))?.alias ?? 'none';
}

function renderSwaps(machine: Machine, { files, links }: Recording): void {
  const paths = machine.swaps.map((swap) => {
    if ('file' in swap) return `${swap.file.path.replaceAll(' ', '\\040')} file`;
    const alias = machine.layers.find(({ name }) => name === swap.on)?.alias;
    if (!alias) links[`/dev/disk/by-uuid/${swap.on}`] = `/dev/${swap.on}`;
    return `${alias ? `/dev/mapper/${alias}` : `/dev/disk/by-uuid/${swap.on}`} partition`;
  });
  const lines: RecordedBytes = ['Filename Type Size Used Priority', ...paths, ''].join('\n');
  files['/proc/swaps'] = lines;
}

function renderPools(machine: Machine, { lists }: Recording): void {
  const pools = machine.layers.filter(({ type }) => type === 'zpool');
  if (pools.length === 0) return;
  lists['/proc/spl/kstat/zfs'] = ['arcstats', ...pools.map(({ alias }) => alias ?? '')];
  for (const { alias } of pools) lists[`/proc/spl/kstat/zfs/${alias}`] = ['state'];
}
