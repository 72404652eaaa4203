import { hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { generateKeptKey, importKeptKey, type SigningKey } from '@rebond/protocol';
import { StartRefusal } from '../start-refusal.ts';
import { privateFolder, readPrivate, writePrivate } from './folder.ts';
import { parseKept, sealKey, unsealKey } from './vault.ts';

export type Keys = {
  workshopId: string;
  /** Signs certificates, and vouches for the server key. Nothing else. */
  workshop: SigningKey;
  /** Certifies sessions and sticks, signs receipts. */
  server: SigningKey;
  /** Keys the digests of one-time codes, so that a stolen database does not give them away to guessing. */
  codeSecret: Uint8Array;
};

/**
 * Opens the two kept keys, or makes them at first start.
 * @param known the workshop that the database belongs to, null at first start
 * @throws StartRefusal
 */
export async function openKeys(
  folder: string,
  passphrase: string,
  known: { id: string; publicKey: string } | null,
): Promise<Keys> {
  await privateFolder(folder);
  const workshopFile = join(folder, 'workshop.key.json');
  const serverFile = join(folder, 'server.key.json');
  const workshop =
    (await openKey(workshopFile, passphrase)) ?? (await firstWorkshopKey(workshopFile, passphrase, known));
  if (known && known.publicKey !== workshop.key.publicKey) throw strangeKey();
  const { workshopId } = workshop;
  const server =
    (await openKey(serverFile, passphrase)) ?? (await makeKey(serverFile, 'server', workshopId, passphrase));
  if (server.workshopId !== workshopId) throw strangeKey();
  return { workshopId, workshop: workshop.key, server: server.key, codeSecret: codeSecret(server.pkcs8) };
}

type Opened = { workshopId: string; key: SigningKey; pkcs8: Uint8Array };

async function openKey(path: string, passphrase: string): Promise<Opened | null> {
  const bytes = await readPrivate(path);
  if (!bytes) return null;
  const kept = parseKept(bytes, path);
  const pkcs8 = await unsealKey(kept, passphrase);
  return { workshopId: kept.workshopId, key: await importKeptKey(pkcs8, kept.publicKey), pkcs8 };
}

async function firstWorkshopKey(
  path: string,
  passphrase: string,
  known: { id: string } | null,
): Promise<Opened> {
  if (known) throw strangeKey();
  return await makeKey(path, 'workshop', `atelier-${randomBytes(4).toString('hex')}`, passphrase);
}

async function makeKey(
  path: string,
  role: 'workshop' | 'server',
  workshopId: string,
  passphrase: string,
): Promise<Opened> {
  const { key, pkcs8 } = await generateKeptKey();
  const about = { role, workshopId, publicKey: key.publicKey, createdAt: new Date().toISOString() };
  await writePrivate(path, JSON.stringify(await sealKey(about, pkcs8, passphrase), null, 2));
  return { workshopId, key, pkcs8 };
}

function codeSecret(serverPkcs8: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', serverPkcs8, '', 'rebond one-time codes', 32));
}

function strangeKey(): StartRefusal {
  return new StartRefusal(
    'Les clés du dossier de données ne sont pas celles de sa base : restaurez les deux depuis la même sauvegarde.',
    'The keys of the data folder are not those of its database: restore both from the same backup.',
  );
}
