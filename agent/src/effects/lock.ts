import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';

/**
 * Holds a folder for one agent at a time. The lock is an abstract socket: the kernel lets go of it the moment the
 * process dies, however it dies, so no stale lock ever keeps a bench from working.
 * @returns a function that lets go, or null while another process holds the folder
 */
export async function holdFolder(path: string): Promise<(() => Promise<void>) | null> {
  const digest = createHash('sha256')
    .update(await realpath(path))
    .digest('hex');
  const server = createServer((socket) => socket.destroy());
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(`\0rebond-${digest}`, () => {
      server.unref();
      resolve(() => close(server));
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
