// A lab guest in which the driver runs, and takes orders.
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { LaptopDescription } from '../../virtual-laptop/describe.ts';
import { MODULES, type SmallGuest } from '../../virtual-laptop/small-guest.ts';
import { LISTEN } from '../guest.ts';
import type { Order, Told, WipeOrder } from './words.ts';

export type Orders = AsyncDisposable & {
  port: number;
  /** Resolves once the driver in the guest has called. */
  ready: Promise<unknown>;
  ask(order: Omit<Order, 'id'>): Promise<Told>;
  wipe(order: Omit<WipeOrder, 'id'>): Promise<Told>;
};

/** No cell takes as long: a driver that does not answer has hung, and that is a finding. */
const ANSWERS_WITHIN_MS = 150_000;

/** Where the driver calls: it stays connected, and answers in any order. */
export async function openOrders(): Promise<Orders> {
  const called = Promise.withResolvers<Socket>();
  const waiting = new Map<number, (told: Told) => void>();
  let [given, driver] = [0, null as Socket | null];
  const server = createServer((socket) => {
    driver = socket;
    socket.on('error', () => {});
    createInterface({ input: socket }).on('line', (line) => {
      const told = JSON.parse(line) as Told;
      waiting.get(told.id)?.(told);
      waiting.delete(told.id);
    });
    called.resolve(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const give = async (order: Omit<Order, 'id'> | Omit<WipeOrder, 'id'>): Promise<Told> => {
    const id = (given += 1);
    const { promise, resolve } = Promise.withResolvers<Told>();
    waiting.set(id, resolve);
    (driver ?? (await called.promise)).write(`${JSON.stringify({ ...order, id })}\n`);
    const hung: Told = { id, kind: 'broke', text: 'the driver did not answer' };
    const timer = setTimeout(() => resolve(hung), ANSWERS_WITHIN_MS);
    return await promise.finally(() => clearTimeout(timer));
  };
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    ready: called.promise,
    ...{ ask: give, wipe: give },
    async [Symbol.asyncDispose]() {
      driver?.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What a guest needs for the driver to run in it: `words` go before its script. */
export async function driverParts(
  folder: string,
  port: number,
): Promise<
  Pick<SmallGuest, 'files' | 'script' | 'modules' | 'network' | 'ram'> & Pick<LaptopDescription, 'ram'>
> {
  const bundle = join(folder, 'driver.mjs');
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'driver.ts')], outfile: bundle, bundle: true },
    ...{ platform: 'node', format: 'esm', logLevel: 'error' },
    // What is bundled of CommonJS asks for it.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  execFileSync('strip', [node]);
  return {
    ...{ network: 'on', ram: '1G', modules: MODULES.network },
    files: { 'driver.mjs': { from: bundle }, node: { from: node } },
    script: `${NETWORK}\n(UV_THREADPOOL_SIZE=64 /node /driver.mjs ${port} >/tmp/driver.log 2>&1 &)\n${LISTEN}`,
  };
}

const NETWORK = `
dmesg -n 1
until [ -e /sys/class/net/eth0 ]; do usleep 100000; done
ifconfig lo 127.0.0.1 up
ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
`;
