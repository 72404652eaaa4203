// The one place that starts QEMU, and ends it by its own pid.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { LaptopError } from './describe.ts';
import { openQmp, type Qmp } from './qmp.ts';

export type Qemu = {
  pid: number;
  qmp: Qmp;
  serial: Duplex;
  /** Resolves when the process has ended, in whatever way. */
  ended: Promise<void>;
  running(): boolean;
  /** What a pulled plug does: it ends at once. */
  kill(): Promise<void>;
};

/** Where QEMU finds its sockets: Node's pipes are pairs of unix sockets, so that no path is ever bound. */
export const QMP_FD = 3;
export const SERIAL_FD = 4;
export const FIRST_DRIVE_FD = 5;

/**
 * Starts QEMU, stopped, and connects to it; `sockets` more are opened from FIRST_DRIVE_FD on and given to `serve`.
 * The kernel ends it when the process that started it dies, in whatever way that dies.
 */
export async function startQemu(
  args: readonly string[],
  folder: string,
  sockets: number,
  serve: (index: number, socket: Duplex) => void,
): Promise<Qemu> {
  const said = join(folder, 'qemu.log');
  const log = openSync(said, 'a');
  const pipes = Array.from({ length: 2 + sockets }, () => 'pipe' as const);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64', ...args], {
    stdio: ['ignore', log, log, ...pipes],
    cwd: folder,
  });
  closeSync(log);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const socket = (at: number): Duplex => child.stdio[at] as unknown as Duplex;
  // A pulled plug resets them: that is no failure of ours.
  for (let at = QMP_FD; at < FIRST_DRIVE_FD + sockets; at += 1) socket(at).on('error', () => {});
  for (let index = 0; index < sockets; index += 1) serve(index, socket(FIRST_DRIVE_FD + index));
  const running = (): boolean =>
    child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  const kill = async (): Promise<void> => {
    if (running()) child.kill('SIGKILL');
    await ended;
  };
  try {
    const qmp = await openQmp(socket(QMP_FD));
    return { pid: child.pid ?? 0, qmp, serial: socket(SERIAL_FD), ended, running, kill };
  } catch (cause) {
    await kill();
    const why = readFileSync(said, 'utf8').trim().split('\n').slice(-5).join('\n');
    throw new LaptopError('qemu-refused', `QEMU did not start: ${why}`, { cause });
  }
}
