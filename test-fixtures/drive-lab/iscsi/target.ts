// A target of iSCSI (RFC 7143) on the loopback: one port, a drive by each name.
import { createServer, type Socket } from 'node:net';
import { type LogicalUnit, serve } from './session.ts';

export type Target = AsyncDisposable & {
  port: number;
  add(name: string, unit: LogicalUnit): void;
  remove(name: string): void;
  /** Ends all connections to a drive; an initiator may come back. */
  drop(name: string): void;
};

export async function openTarget(): Promise<Target> {
  const units = new Map<string, LogicalUnit>();
  const joined = new Map<Socket, string>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      joined.delete(socket);
    });
    void serve(socket, {
      unit: (name) => units.get(name) ?? null,
      names: () => [...units.keys()],
      address: `127.0.0.1:${port}`,
      joined: (name, of) => void joined.set(of, name),
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  server.unref();
  const drop = (name: string): void => {
    for (const [socket, of] of joined) if (of === name) socket.destroy();
  };
  return {
    port,
    add: (name, unit) => void units.set(name, unit),
    remove(name) {
      units.delete(name);
      drop(name);
    },
    drop,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
