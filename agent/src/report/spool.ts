import {
  type Envelope,
  envelopeBytes,
  ENVELOPE_MAX,
  isOpened,
  openBytes,
  RECORD_TYPE,
  sha256Hex,
} from '@rebond/protocol';
import type { MachineRecord } from '@rebond/protocol';
import { type DurableFolder, durableFolder, type ReadFolder, readFolder } from '../effects/durable.ts';

/** Signed records on the stick: waiting, and acknowledged by the server. None is ever deleted here. */
export type Spool = { waiting: DurableFolder; sent: DurableFolder };

/** The same on a stick that takes no write: what waits there can be sent, and stays where it is. */
export type Shelf = { waiting: ReadFolder; sent: ReadFolder };

export type Spooled =
  | { kind: 'sound'; digest: string; bytes: Uint8Array; record: MachineRecord }
  /** The file's bytes are not those it was named after, or no record: it is left where it is. */
  | { kind: 'damaged'; name: string };

const NAME = /^([0-9a-f]{64})\.json$/;

export async function openSpool(home: string): Promise<Spool> {
  const spool = {
    waiting: await durableFolder(`${home}/spool`),
    sent: await durableFolder(`${home}/spool/sent`),
  };
  await removeEmpty(spool.waiting);
  await removeEmpty(spool.sent);
  return spool;
}

export function openShelf(home: string): Shelf {
  return { waiting: readFolder(`${home}/spool`), sent: readFolder(`${home}/spool/sent`) };
}

/** All that a power cut leaves of a record that was being put down is a name without a byte (see README). */
async function removeEmpty(folder: DurableFolder): Promise<void> {
  for (const name of (await folder.names()).filter((each) => NAME.test(each))) {
    const bytes = await folder.read(name, ENVELOPE_MAX).catch(() => null);
    if (bytes?.length === 0) await folder.remove(name);
  }
}

/** Puts a record on the disk under the name of its own SHA-256, which is the checksum. @returns that digest */
export async function spoolRecord(spool: Spool, envelope: Envelope): Promise<string> {
  const bytes = envelopeBytes(envelope);
  const digest = await sha256Hex(bytes);
  await spool.waiting.put(`${digest}.json`, bytes);
  return digest;
}

export async function listSpool(folder: ReadFolder): Promise<Spooled[]> {
  const found: Spooled[] = [];
  for (const name of await folder.names()) {
    if (name.endsWith('.json') && !name.endsWith('.receipt.json'))
      found.push(await readSpooled(folder, name));
  }
  return found;
}

async function readSpooled(folder: ReadFolder, name: string): Promise<Spooled> {
  try {
    const bytes = await folder.read(name, ENVELOPE_MAX);
    const digest = NAME.exec(name)?.[1];
    if (!bytes || !digest || (await sha256Hex(bytes)) !== digest) return { kind: 'damaged', name };
    const opened = openBytes(bytes);
    if (!isOpened(opened, RECORD_TYPE)) return { kind: 'damaged', name };
    return { kind: 'sound', digest, bytes, record: opened.payload };
  } catch {
    return { kind: 'damaged', name }; // unreadable or not ours: reported by its name, kept as it is
  }
}
