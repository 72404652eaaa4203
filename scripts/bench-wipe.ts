// The overwrite engine beside fio, openssl and nwipe, by turns on the same device: a loop device over a file in memory.
import { join } from 'node:path';
import { scratch } from '../test-fixtures/scratch.ts';
import { buildAgentFile } from './agent-file.ts';
import { nwipeInGuest } from './bench-nwipe.ts';
import { forgetCache, loopsInMemory, throttle } from './bench-wipe-devices.ts';
import { type Wipe, wiper } from './bench-wipe-engine.ts';
import { fio, nwipe, opensslSpeed } from './bench-wipe-tools.ts';
import { USUAL } from '../agent/src/sanitize/engine/job.ts';
import { ensure, whatToInstall } from './debian-packages.ts';

const GIB = 2 ** 30;
const ROUNDS = 5;
/** Within a round the fast ones take turns several times: one run is over in a fraction of a second. */
const TURNS = 5;
const SIZE = GIB;
const DRIVES = 4;
const SMALL = GIB / 2;
const LIMIT = 500e6;

export async function wipeBenchmark(): Promise<object> {
  const say = (line: string): void => console.error(line);
  ensureTools(say);
  using folder = scratch('bench-wipe');
  const wipe = wiper((await buildAgentFile(folder.path)).path);
  const figures = {
    ...(await oneDrive(wipe, say)),
    ...(await fourDrives(wipe, say)),
    ...(await slowDrive(wipe, say)),
  };
  const { nwipeBytesPerSecond: here, keyedBytesPerSecond, ...rest } = figures;
  const guest = await nwipeInGuest(join(folder.path, 'guest'));
  say(
    `nwipe in the virtual laptop: ${guest === null ? 'not measured' : megabytes(guest)}, here ${megabytes(here)}`,
  );
  const { zeroVsFio, prngVerifyVsLimit, parallelVsFio, throttledVsLimit, ...more } = rest;
  return {
    zeroVsFio,
    prngVerifyVsNwipe: rounded(keyedBytesPerSecond / Math.max(here, guest ?? 0)),
    ...{ prngVerifyVsLimit, parallelVsFio, throttledVsLimit, ...more },
    keyedMBps: Math.round(keyedBytesPerSecond / 1e6),
    nwipeMBps: Math.round(here / 1e6),
    nwipeInGuestMBps: guest === null ? null : Math.round(guest / 1e6),
    device: `loop over tmpfs, direct, ${SIZE / GIB} GiB`,
  };
}

/** All that is measured on one device, in turns. A drive's rate is its size by the time for the pass and the read-back. */
async function oneDrive(wipe: Wipe, say: (line: string) => void) {
  using loops = loopsInMemory(1, SIZE);
  const [device = ''] = loops.devices;
  const seen = { zero: list(), limit: list(), keyed: list(), nwipe: list() };
  const used = { ours: usages(), nwipe: usages() };
  await wipe(device, 'zero');
  for (let round = 1; round <= ROUNDS; round += 1) {
    const turn = { zero: list(), limit: list(), keyed: list() };
    for (let at = 0; at < TURNS; at += 1) {
      const writes = await fio([device], 'write', USUAL.lanes);
      const zero = await wipe(device, 'zero');
      turn.zero.push(SIZE / zero.writeSeconds / writes);
      const keyed = await wipe(device, 'keyed');
      const [reads, aes] = [await fio([device], 'read', USUAL.lanes), opensslSpeed()];
      const seconds = keyed.writeSeconds + keyed.readSeconds;
      turn.keyed.push(SIZE / seconds);
      turn.limit.push(leastSeconds(writes, reads, aes) / seconds);
      used.ours.add(keyed);
      say(
        `${round}/${ROUNDS} fio ${megabytes(writes)} ${megabytes(reads)}, aes ${megabytes(aes)}; zero ${megabytes(SIZE / zero.writeSeconds)}, keyed ${megabytes(SIZE / keyed.writeSeconds)}, read-back ${megabytes(SIZE / keyed.readSeconds)}`,
      );
    }
    const other = await nwipe(device);
    forgetCache(device);
    used.nwipe.add(other);
    seen.nwipe.push(SIZE / other.seconds);
    for (const name of ['zero', 'limit', 'keyed'] as const) seen[name].push(median(turn[name]));
    say(`${round}/${ROUNDS} nwipe ${megabytes(SIZE / other.seconds)}`);
  }
  return {
    zeroVsFio: rounded(median(seen.zero)),
    prngVerifyVsLimit: rounded(median(seen.limit)),
    keyedBytesPerSecond: median(seen.keyed),
    nwipeBytesPerSecond: median(seen.nwipe),
    ...used.ours.figures('cpuSecondsPerGiB', 'peakRssMiB'),
    ...used.nwipe.figures('nwipeCpuSecondsPerGiB', 'nwipePeakRssMiB'),
  };
}

/**
 * What device and cipher allow together: while one request is under way the next is made, so that the slower of the
 * two sets the pace, of the pass and of the read-back.
 */
function leastSeconds(writes: number, reads: number, aes: number): number {
  return SIZE / Math.min(writes, aes) + SIZE / Math.min(reads, aes);
}

async function fourDrives(wipe: Wipe, say: (line: string) => void) {
  using loops = loopsInMemory(DRIVES, SMALL);
  const ratios = list();
  await fio(loops.devices, 'write', USUAL.lanes);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const turn = list();
    for (let at = 0; at < TURNS; at += 1) {
      const theirs = await fio(loops.devices, 'write', USUAL.lanes);
      const all = await Promise.all(loops.devices.map((device) => wipe(device, 'zero')));
      const ours = (DRIVES * SMALL) / Math.max(...all.map(({ writeSeconds }) => writeSeconds));
      turn.push(ours / theirs);
      say(`${round}/${ROUNDS} ${DRIVES} drives: fio ${megabytes(theirs)}, zero ${megabytes(ours)}`);
    }
    ratios.push(median(turn));
  }
  return { parallelVsFio: rounded(median(ratios)) };
}

/** On a device that is not memory the device is the limit. */
async function slowDrive(wipe: Wipe, say: (line: string) => void) {
  using loops = loopsInMemory(1, SIZE);
  const [device = ''] = loops.devices;
  await fio([device], 'write', USUAL.lanes);
  using limited = throttle(device, LIMIT);
  if (!limited) throw new Error('no control group here can limit a device');
  const ratios = list();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { writeSeconds, readSeconds } = await wipe(device, 'keyed', limited.cgroup);
    ratios.push((2 * SIZE) / (writeSeconds + readSeconds) / LIMIT);
    say(`${round}/${ROUNDS} at ${megabytes(LIMIT)}: ${megabytes((2 * SIZE) / (writeSeconds + readSeconds))}`);
  }
  return { throttledVsLimit: rounded(median(ratios)) };
}

function usages() {
  const [cpu, rss] = [list(), list()];
  return {
    add(used: { cpuSeconds: number; peakRssMiB: number }): void {
      cpu.push(used.cpuSeconds / (SIZE / GIB));
      rss.push(used.peakRssMiB);
    },
    figures: <A extends string, B extends string>(cpuName: A, rssName: B) =>
      ({ [cpuName]: rounded(median(cpu)), [rssName]: Math.round(Math.max(...rss)) }) as Record<A | B, number>,
  };
}

function ensureTools(say: (line: string) => void): void {
  const needed = [
    { program: 'fio', package: 'fio' },
    { program: 'nwipe', package: 'nwipe' },
    { program: 'openssl', package: 'openssl' },
    { program: 'losetup', package: 'util-linux' },
    { program: 'stdbuf', package: 'coreutils' },
  ];
  const lacking = ensure(needed, say);
  if (lacking.length > 0) throw new Error(whatToInstall(lacking));
  if (process.getuid?.() !== 0)
    throw new Error('Il faut être root, pour les périphériques boucle. / Loop devices need root.');
}

const list = (): number[] => [];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB/s`;
