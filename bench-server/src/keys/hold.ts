import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { StartRefusal } from '../start-refusal.ts';

/**
 * Holds a data folder for one server for as long as the process lives: two on one folder would make two workshop keys.
 * The hold is an abstract socket: the kernel lets go of it when the process dies, however it dies.
 * @throws StartRefusal while another server holds the folder
 */
export async function holdFolder(path: string): Promise<void> {
  const real = await realpath(path);
  const digest = createHash('sha256').update(real).digest('hex');
  const holder = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    holder.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? alreadyHeld(real) : error),
    );
    holder.listen(`\0rebond-bench-${digest}`, () => resolve(void holder.unref()));
  });
}

function alreadyHeld(path: string): StartRefusal {
  return new StartRefusal(
    `Un autre serveur Rebond se sert déjà du dossier ${path} : rien n’a été touché ; utilisez celui qui tourne, ` +
      'arrêtez-le d’abord, ou nommez un autre dossier dans REBOND_DATA.',
    `Another Rebond server is already using the folder ${path}: nothing was touched; use the one that runs, ` +
      'stop it first, or name another folder in REBOND_DATA.',
  );
}
