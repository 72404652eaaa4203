// The port of the lab: one listener for all drives, on the loopback only.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { refused } from './command.ts';
import { serveConnection } from './connection.ts';
import type { Subsystem } from './subsystem.ts';

export type Target = AsyncDisposable & { port: number };

const MOST_CONNECTIONS = 256;

/** @param find the drive that has an NQN */
export async function listenNvmeTcp(find: (nqn: string) => Subsystem | undefined): Promise<Target> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(
      socket,
      (request, line) =>
        find(request.subsystem)?.accept(request, line) ?? refused('connect-invalid-parameters'),
    );
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => void server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
