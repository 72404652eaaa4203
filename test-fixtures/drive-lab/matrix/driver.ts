// Runs in a lab guest, bundled: takes orders over the network, carries out each plan with the agent's own parts, and
// answers with the evidence. Several orders at a time.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { type Drive, type PlanV2, visible } from '@rebond/protocol';
import { type Authority, refusals } from '../../../agent/src/decide/eligibility.ts';
import { ladder } from '../../../agent/src/decide/ladder.ts';
import { openForOverwrite } from '../../../agent/src/effects/block.ts';
import { systemClock } from '../../../agent/src/effects/clock.ts';
import { openNamespace, sizeAgain, suspend, waitMs } from '../../../agent/src/effects/drive-again.ts';
import { files } from '../../../agent/src/effects/files.ts';
import type { Run } from '../../../agent/src/effects/types.ts';
import { probeCapabilities } from '../../../agent/src/probe/capabilities.ts';
import { probeDriveAgain, probeDrives } from '../../../agent/src/probe/drives.ts';
import { runPlan } from '../../../agent/src/sanitize/run-plan.ts';
import { TECHNIQUES } from '../../../agent/src/sanitize/techniques/index.ts';
import { diskNode, topologyOf } from '../../topology.ts';
import { sharedSuspend } from './shared-suspend.ts';
import { runByShells } from './shells.ts';
import type { Order, Told, Where, WipeOrder } from './words.ts';

/** Where a guest of QEMU's user network finds the host's loopback. */
const HOST = '10.0.2.2';

const program = runByShells();

/** A guest whose every instruction is emulated needs more time than a laptop, and most where it shares its machine. */
const SLOWER = 2;

/**
 * A drive's health is no subject of the matrix, and its logs take long to read: only who it is is asked, and not of what
 * family its model is, for which smartctl compares the name with some thousand patterns.
 */
const run: Run = ([name, ...args], limits = {}) => {
  const words =
    name === 'smartctl' ? args.flatMap((each) => (each === '-x' ? ['-i', '-P', 'ignore'] : each)) : args;
  const { timeoutMs = 10_000, leaveRunning } = limits;
  return program([name, ...words], { ...limits, timeoutMs: leaveRunning ? timeoutMs : timeoutMs * SLOWER });
};

const again = (path: string): Promise<number | null> => sizeAgain(path, program);
const sleeps = sharedSuspend(suspend);

const socket = connect(Number(process.argv[2]), HOST);
socket.on('error', (error) => console.log(String(error)));
createInterface({ input: socket }).on('line', (line) => {
  const order = JSON.parse(line) as Order | WipeOrder;
  void sleeps.during(() => answer(order)).then((told) => socket.write(`${JSON.stringify(told)}\n`));
});

async function answer(order: Order | WipeOrder): Promise<Told> {
  try {
    return 'argv' in order ? await wipe(order) : await carryOut(order);
  } catch (error) {
    return { id: order.id, kind: 'broke', text: (error as Error).stack ?? String(error) };
  } finally {
    const stays = 'stays' in order && order.stays;
    if (order.where.bus === 'nvme' && !stays) await shell(`nvme disconnect --nqn=${order.where.nqn}`);
  }
}

async function carryOut(order: Order): Promise<Told> {
  const { id, technique, policy, where } = order;
  const path = await appeared(where);
  const drive = path === null ? null : await drivenAs(path);
  if (path === null || drive === null) return { id, kind: 'no-drive' };
  if (order.interlocks) {
    const codes = await refusalsOf(drive);
    if (codes.length > 0) return { id, kind: 'refused', codes };
  }
  const capabilities = await probeCapabilities(run, files, drive);
  const target = targetOf(drive);
  const { rungs, passedOver } = ladder({
    ...{ policy, target, capabilities, sessionId: order.sessionId },
    // A drive of the lab that is reached by network is not in this machine: a rehearsal, of which nothing is claimed.
    mode: drive.identity.transport === 'network' ? 'rehearsal' : 'real',
    techniques: TECHNIQUES.filter((row) => row.technique === technique),
    draw: { id: () => crypto.randomUUID(), seed },
  });
  const plan = rungs.find((each) => each.technique === technique);
  if (!plan) {
    const failed = capabilities.outcome === 'failed' ? capabilities.failure : null;
    const why = passedOver.find((each) => each.technique === technique)?.reason ?? null;
    return {
      ...{ id, kind: 'not-offered' },
      why: why ?? (failed && { code: failed.code, en: visible(failed.detail, 300) }),
    };
  }
  const evidence = await runPlan(impatient(plan, order.patienceMs), capabilities, {
    clock: systemClock(),
    journal: { note: async () => {}, digest: () => '0'.repeat(64), close: async () => {} },
    openTarget: () => openForOverwrite(path, 'block'),
    identify: async () => {
      const now = await drivenAs(path);
      return now && { identity: now.identity, sizeBytes: now.sizeBytes, diskseq: now.diskseq };
    },
    effects: { run, wait: waitMs, suspend: sleeps.suspend, sizeAgain: again, openNamespace, spawn: null },
    progress: () => {},
    signal: new AbortController().signal,
    tool: { name: 'rebond', version: 'matrix' },
  });
  return { id, kind: 'evidence', evidence };
}

async function wipe({ id, where, argv, timeoutMs }: WipeOrder): Promise<Told> {
  const path = await appeared(where);
  if (path === null) return { id, kind: 'no-drive' };
  const log = `/tmp/wipe${id}.log`;
  const [name = '', ...words] = argv;
  const ended = await program([name, ...words, `--logfile=${log}`, path], { timeoutMs });
  return { id, kind: 'wiped', status: ended.kind === 'exited' ? ended.exitCode : null, log: read(log) ?? '' };
}

/** The drive at a path; one that NVMe over TCP brings is judged as what it emulates. */
async function drivenAs(path: string): Promise<Drive | null> {
  const drive = await probeDriveAgain(run, files, path);
  return drive && path.startsWith('/dev/nvme') ? { ...drive, medium: 'nvme' } : drive;
}

/** What a session would have against it, but for what only a person can give. */
async function refusalsOf(drive: Drive): Promise<string[]> {
  const { drives } = await probeDrives(run, files);
  const all = drives.outcome === 'read' ? drives.value : [drive];
  const topology = topologyOf(all.map(({ path, diskseq }) => diskNode(path.slice(5), { diskseq })));
  const authority: Authority = {
    ...{ mode: 'real', onLiveImage: true, notARehearsal: false, boot: { kind: 'none' } },
    ...{ typedEnding: drive.identity.serial, reach: 'addressed', confirmed: [drive.path] },
  };
  return refusals(drive, all, topology, authority)
    .map(({ code }) => code)
    .filter((code) => code !== 'network');
}

function impatient(plan: PlanV2, patienceMs: number): PlanV2 {
  const steps = plan.steps.map((step) =>
    step.kind === 'firmware' ? { ...step, patienceMs: Math.min(step.patienceMs, patienceMs) } : step,
  );
  return { ...plan, steps };
}

const APPEARS_WITHIN_MS = 20_000;

/** The block device at a place, once it is there; null if it never is. */
async function appeared(where: Where): Promise<string | null> {
  if (where.bus === 'nvme' && controllerOf(where.nqn) === null) await shell(where.connect);
  for (const began = Date.now(); Date.now() - began < APPEARS_WITHIN_MS; await wait(50)) {
    const name = where.bus === 'scsi' ? diskAt(where.address) : firstNamespace(where.nqn);
    // The kernel makes the node in /dev a moment before it lists the disk.
    if (name !== null && existsSync(`/dev/${name}`) && existsSync(`/sys/block/${name}`))
      return `/dev/${name}`;
  }
  return null;
}

const SCSI = '/sys/class/scsi_device';
const NVME = '/sys/class/nvme';

function diskAt(address: number): string | null {
  const at = listed(SCSI).find((each) => each.split(':')[2] === String(address));
  return at === undefined ? null : (listed(`${SCSI}/${at}/device/block`)[0] ?? null);
}

function controllerOf(nqn: string): string | null {
  return listed(NVME).find((each) => read(`${NVME}/${each}/subsysnqn`) === nqn) ?? null;
}

/** Of a controller that is connected: one that lost its drive tries again and again to find it. */
function firstNamespace(nqn: string): string | null {
  const controller = controllerOf(nqn);
  if (controller === null || read(`${NVME}/${controller}/state`) !== 'live') return null;
  const names = listed(`${NVME}/${controller}`);
  return names.filter((each) => /^nvme\d+n\d+$/.test(each)).toSorted()[0] ?? null;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

async function shell(line: string): Promise<void> {
  await program(['sh', '-c', line], { timeoutMs: 60_000 });
}

function targetOf({ path, identity, medium, sizeBytes, logicalSectorBytes, diskseq }: Drive) {
  return {
    ...{ path, identity, medium, diskseq },
    ...{ sizeBytes: sizeBytes ?? 0, logicalSectorBytes: logicalSectorBytes ?? 0 },
  };
}

function seed(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex');
}
