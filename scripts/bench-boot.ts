// How long from the kernel to the agent, against a bare Debian live system with the same kernel, booted by turns.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildBare } from '../live-image/bare.ts';
import { liveImage, type LiveImage } from '../test-fixtures/virtual-laptop/image.ts';
import { startLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';
import { makeStick, type Stick } from '../test-fixtures/virtual-laptop/stick.ts';

const root = join(import.meta.dirname, '..');
const MIB = 1024 * 1024;
const TURNS = 3;
/** The kernel's own messages on the serial port, in both: the first of them is the start. */
const WORDS = 'set extra="console=tty0 console=ttyS0,115200 loglevel=6"\n';
const KERNEL = /Linux version \d/;
const AGENT = /rebond live \S+ up [\d.]+ memory (\d+)\//;
/** The bare system has nothing to start but a prompt on its console. */
const PROMPT = /login: /;

export type BootFigures = {
  ratio: number;
  agentSeconds: number;
  bareSeconds: number;
  imageMiB: number;
  isoMiB: number;
  ramMiB: number;
};

export async function bootBenchmark(): Promise<BootFigures> {
  const say = (line: string): void => console.error(line);
  const image = builtImage();
  mkdirSync(join(root, '.scratch'), { recursive: true });
  const folder = mkdtempSync(join(root, '.scratch/bench-'));
  try {
    const ours = makeStick(image.stick, folder, 'ours.img');
    ours.files.write('rebond/boot.cfg', WORDS);
    const bare = await bareStick(image, folder, say);
    const seconds = { ours: [] as number[], bare: [] as number[] };
    let ramMiB = 0;
    for (let turn = 1; turn <= TURNS; turn += 1) {
      const own = await boot(ours, join(folder, `ours-${turn}`), AGENT);
      const other = await boot(bare, join(folder, `bare-${turn}`), PROMPT);
      seconds.ours.push(own.seconds);
      seconds.bare.push(other.seconds);
      ramMiB = Number(own.seen[1]);
      say(`${turn}/${TURNS}: agent ${own.seconds.toFixed(1)} s, bare ${other.seconds.toFixed(1)} s`);
    }
    const [agentSeconds, bareSeconds] = [median(seconds.ours), median(seconds.bare)];
    const size = (path: string): number => Math.ceil(statSync(path).size / MIB);
    return {
      ratio: rounded(agentSeconds / bareSeconds),
      ...{ agentSeconds: rounded(agentSeconds), bareSeconds: rounded(bareSeconds) },
      ...{ imageMiB: size(image.stick), isoMiB: size(image.iso), ramMiB },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function builtImage(): LiveImage {
  const out = execFileSync(process.execPath, ['scripts/live-image.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return liveImage(out.toString().trim().split('\n').at(-1) ?? '');
}

/** The same stick, loaders and menu, with the bare system in place of ours. */
async function bareStick(image: LiveImage, folder: string, say: (line: string) => void): Promise<Stick> {
  const bare = await buildBare(join(folder, 'bare'), image.kernel, say);
  const stick = makeStick(image.stick, folder, 'bare.img');
  stick.files.remove('live-a/filesystem.squashfs');
  stick.files.write('live-a/filesystem.squashfs', readFileSync(bare.squashfs));
  stick.files.write('live-a/initrd.img', readFileSync(bare.initrd));
  stick.files.write('rebond/boot.cfg', WORDS);
  return stick;
}

async function boot(
  stick: Stick,
  folder: string,
  wanted: RegExp,
): Promise<{ seconds: number; seen: RegExpExecArray }> {
  await using laptop = await startLaptop({ folder, boot: { stick } });
  await laptop.serial.waitFor(KERNEL, { timeout: 300_000 });
  const began = performance.now();
  const seen = await laptop.serial.waitFor(wanted, { timeout: 300_000 });
  return { seconds: (performance.now() - began) / 1000, seen };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
