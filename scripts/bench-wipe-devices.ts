// Loop devices over files in memory, and a limit on one of them.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

export type Loops = Disposable & { devices: readonly string[] };

const MEMORY = '/dev/shm';

/** `count` loop devices, direct to files of `bytes` each on a tmpfs, full of something other than zeros. */
export function loopsInMemory(count: number, bytes: number): Loops {
  const folder = mkdtempSync(join(MEMORY, 'rebond-bench-'));
  const devices: string[] = [];
  const dispose = (): void => {
    for (const device of devices) execFileSync('losetup', ['--detach', device]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (let index = 0; index < count; index += 1) {
      const file = join(folder, `${index}.img`);
      writeFileSync(file, '');
      truncateSync(file, bytes);
      devices.push(execFileSync('losetup', ['--find', '--show', '--direct-io=on', file]).toString().trim());
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { devices, [Symbol.dispose]: dispose };
}

/** What the page cache holds of a device must not be written or dropped in the next measurement. */
export function forgetCache(device: string): void {
  execFileSync('blockdev', ['--flushbufs', device]);
}

export type Throttle = Disposable & { cgroup: string };

/** A control group whose processes read and write so many bytes a second of a device each way; null where there is none. */
export function throttle(device: string, bytesPerSecond: number): Throttle | null {
  const number = readFileSync(`/sys/block/${basename(device)}/dev`, 'utf8').trim();
  const [v1, v2] = ['/sys/fs/cgroup/blkio', '/sys/fs/cgroup'];
  const isV1 = existsSync(`${v1}/blkio.throttle.write_bps_device`);
  if (!isV1 && !existsSync(`${v2}/cgroup.controllers`)) return null;
  const cgroup = join(isV1 ? v1 : v2, `rebond-bench-${process.pid}`);
  try {
    mkdirSync(cgroup);
    if (isV1) {
      for (const way of ['read', 'write'])
        writeFileSync(`${cgroup}/blkio.throttle.${way}_bps_device`, `${number} ${bytesPerSecond}`);
    } else writeFileSync(`${cgroup}/io.max`, `${number} rbps=${bytesPerSecond} wbps=${bytesPerSecond}`);
  } catch {
    if (existsSync(cgroup)) rmdirSync(cgroup);
    return null;
  }
  return { cgroup, [Symbol.dispose]: () => rmdirSync(cgroup) };
}
