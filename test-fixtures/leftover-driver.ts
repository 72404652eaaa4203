// In a small guest: leaves what an installed system leaves, and then what the agent does about it, with its real doors.
// The first argument says which power-on this is; what is seen is printed as lines of JSON.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { files } from '../agent/src/effects/files.ts';
import { systemClock } from '../agent/src/effects/clock.ts';
import { firmwareRequests } from '../agent/src/effects/firmware-requests.ts';
import { leftoverDoor } from '../agent/src/leftover/leftover.ts';
import { bootEntry, bootOrder, variable } from './firmware.ts';
import { makeInventory } from './inventory.ts';
import { EXAMPLES, stepEvidence, stepPlan } from './step-plans.ts';

const DISK = '/dev/nvme0n1';
const GUID = '0fc63daf-8483-4772-8e79-3d69d8477de4';

const tell = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

/** One partition by the oldest of tables, which the kernel reads without a tool; udev would know its number. */
function partitioned(): void {
  const table = Buffer.alloc(512);
  table.set([0, 0, 0, 0, 0x83, 0, 0, 0], 446);
  table.writeUInt32LE(2048, 454);
  table.writeUInt32LE(8192, 458);
  table.writeUInt16LE(0xaa55, 510);
  writeSync(openSync(DISK, 'r+'), table);
  execFileSync('/bin/busybox', ['blockdev', '--rereadpt', DISK]);
  const dev = readFileSync('/sys/class/block/nvme0n1p1/dev', 'utf8').trim();
  mkdirSync('/run/udev/data', { recursive: true });
  writeFileSync(`/run/udev/data/b${dev}`, `E:ID_PART_ENTRY_UUID=${GUID}\n`);
}

/** One write each: efivarfs takes a variable whole. */
function installed(): void {
  partitioned();
  writeFileSync(variable('Boot0A01'), bootEntry('left over', GUID));
  writeFileSync(variable('Boot0A02'), bootEntry('elsewhere', '11111111-2222-3333-4444-555555555555'));
  const order = readFileSync(variable('BootOrder'));
  const before = Array.from({ length: (order.length - 4) / 2 }, (_, at) => order.readUInt16LE(4 + 2 * at));
  writeFileSync(variable('BootOrder'), bootOrder([0x0a01, 0x0a02, ...before]));
}

async function session(agrees: boolean): Promise<void> {
  const wishes = EXAMPLES['overwrite, sampled'];
  const plan = stepPlan({ ...wishes, target: { ...wishes.target, path: DISK } });
  const door = leftoverDoor({
    ...{ mode: 'real', onLiveImage: true, files, firmware: firmwareRequests },
    asking: { tell: ({ en }) => tell({ told: en }), ask: async () => (agrees ? 'y' : null) },
  });
  await door.before(makeInventory({}));
  const { leftovers } = await door.after([stepEvidence(plan, wishes.means)], systemClock());
  const order = readFileSync(variable('BootOrder')).subarray(4).toString('hex');
  tell({ leftovers, order, left: existsSync(variable('Boot0A01')), kept: existsSync(variable('Boot0A02')) });
}

if (process.argv[2] === 'first') installed();
await session(process.argv[2] === 'first');
