// What the overwrite engine is measured beside: fio, openssl, nwipe.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export type Usage = { cpuSeconds: number; peakRssMiB: number };

const run = promisify(execFile);
/** Of Linux on every machine that it runs on today (times(2)). */
const TICKS = 100;

/** Bytes a second of all devices together: direct, queue depth as given, the last flush counted. */
export async function fio(
  devices: readonly string[],
  what: 'write' | 'read',
  depth: number,
): Promise<number> {
  const args = [
    ...['--output-format=json', '--direct=1', '--bs=4M', '--ioengine=libaio', `--iodepth=${depth}`],
    ...[`--rw=${what}`, '--zero_buffers', '--end_fsync=1', '--group_reporting', '--size=100%'],
    ...devices.flatMap((device, index) => [`--name=job${index}`, `--filename=${device}`]),
  ];
  const { stdout } = await run('fio', args, { maxBuffer: 2 ** 24 });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as FioReport;
  const figures = report.jobs.map((job) => job[what]);
  const bytes = figures.reduce((sum, { io_bytes }) => sum + io_bytes, 0);
  return (bytes * 1000) / Math.max(...figures.map(({ runtime }) => runtime));
}

type FioReport = { jobs: Record<'read' | 'write', { io_bytes: number; runtime: number }>[] };

/** Bytes a second of AES-256-CTR on one core, in pieces as large as the engine's. */
export function opensslSpeed(): number {
  const args = ['speed', '-elapsed', '-seconds', '1', '-evp', 'aes-256-ctr', '-bytes', String(256 * 1024)];
  const out = execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const figure = /^AES-256-CTR\s+([\d.]+)k/m.exec(out)?.[1];
  if (!figure) throw new Error('openssl speed said nothing of aes-256-ctr');
  return Number(figure) * 1000;
}

/** nwipe's words for one pass of random numbers, read back, without blanking. */
export const NWIPE = [
  ...['--autonuke', '--nogui', '--nowait', '--nosignals', '--method=random', '--verify=last'],
  ...['--noblank', '--rounds=1'],
];

/** Seconds for the pass and the read-back, by its log, without its looking for drives before. */
export async function nwipe(device: string): Promise<Usage & { seconds: number }> {
  const child = spawn('stdbuf', ['-oL', 'nwipe', ...NWIPE, device], { stdio: ['ignore', 'pipe', 'ignore'] });
  let [log, began, ended] = ['', 0, 0];
  child.stdout.on('data', (bytes: Buffer) => {
    log += bytes.toString('latin1');
    if (began === 0 && /Starting pass 1\/1/.test(log)) began = performance.now();
    if (ended === 0 && /Finished final round/.test(log)) ended = performance.now();
  });
  let usage: Usage = { cpuSeconds: 0, peakRssMiB: 0 };
  const timer = setInterval(() => (usage = usageOf(child.pid ?? 0) ?? usage), 20);
  const done = await new Promise<number | null>((resolve) => void child.once('close', resolve));
  clearInterval(timer);
  if (done !== 0 || !/\|\s*Erased\s*\|/.test(log)) throw new Error(`nwipe: ${log.slice(-2000)}`);
  if (began === 0 || ended <= began) throw new Error('nwipe’s log is another than expected');
  return { ...usage, seconds: (ended - began) / 1000 };
}

/** Of a process that still is: null when it has ended. */
export function usageOf(pid: number): Usage | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    if (peak === undefined) return null;
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS, peakRssMiB: Number(peak) / 1024 };
  } catch {
    return null;
  }
}
