// A small guest that is spoken to line by line, with bays into which lab drives are plugged while it runs.
import type { Laptop } from '../virtual-laptop/laptop.ts';
import { MODULES, type SmallGuest, startSmallGuest } from '../virtual-laptop/small-guest.ts';
import type { Lab, LabDrive } from './lab.ts';

/** Runs a line of shell; what it wrote on both streams, and its status. */
export type LineRunner = (
  line: string,
  options?: { timeout?: number },
) => Promise<{ text: string; status: number }>;

export type LabGuest = AsyncDisposable & {
  laptop: Laptop;
  run: LineRunner;
  /** Into a free bay; the device file that the guest gives it. */
  plug(drive: LabDrive): Promise<string>;
  unplug(drive: LabDrive): Promise<void>;
};

type Asked = Partial<SmallGuest> & Pick<SmallGuest, 'folder' | 'tree'> & { lab: Lab; bays?: number };

/** The programs that erase drives, and those that look at them. */
const PROGRAMS = ['usr/sbin/hdparm', 'usr/sbin/smartctl', 'usr/sbin/rtcwake'];
const SG = [
  'sg_sanitize',
  'sg_requests',
  'sg_inq',
  'sg_vpd',
  'sg_readcap',
  'sg_raw',
  'sg_format',
  'sg_luns',
  'sg_opcodes',
];

/** A script that does what it is told, line by line. */
export const LISTEN = `
stty -echo
printf '\\nlab guest listens\\n'
while read -r number line; do
  printf '\\nlab %s begins\\n' "$number"
  eval "$line" </dev/null 2>&1
  printf '\\nlab %s ended %s.\\n' "$number" "$?"
done
`;

export async function startLabGuest(asked: Asked): Promise<LabGuest> {
  const { lab, bays = 2, modules = [], files = {}, extra = [], ...rest } = asked;
  const programs = [...PROGRAMS, ...SG.map((name) => `usr/bin/${name}`)];
  const laptop = await startSmallGuest({
    script: LISTEN,
    ...rest,
    modules: [...MODULES.lab, ...modules],
    files: { ...Object.fromEntries(programs.map((system) => [system, { system }])), ...files },
    extra: [...lab.bays(bays), ...extra],
  });
  await laptop.serial.waitFor(/lab guest listens/, { timeout: 60_000 });
  const run = lineRunner(laptop);

  return {
    laptop,
    run,
    async plug(drive) {
      await lab.plug(laptop, drive);
      const place = `/sys/class/scsi_device/*:0:${drive.address}:0/device/block/*`;
      const wait = `for time in $(seq 100); do set -- ${place}; [ -e "$1" ] && break; usleep 50000; done`;
      const { text } = await run(`${wait}; basename "$1"`);
      return `/dev/${text.trim()}`;
    },
    unplug: (drive) => lab.unplug(drive),
    [Symbol.asyncDispose]: () => laptop[Symbol.asyncDispose](),
  };
}

/** Speaks to a guest whose script is `LISTEN`. */
export function lineRunner(laptop: Laptop): LineRunner {
  let asks = 0;

  return async (line, { timeout = 60_000 } = {}) => {
    asks += 1;
    laptop.serial.mark();
    laptop.serial.type(`${asks} ${line.replaceAll('\n', '; ')}\n`);
    const pattern = new RegExp(`lab ${asks} begins\\n([^]*)\\nlab ${asks} ended (\\d+)\\.`);
    const [, text = '', status = ''] = await laptop.serial.waitFor(pattern, { timeout });
    return { text, status: Number(status) };
  };
}
