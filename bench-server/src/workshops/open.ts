import { join } from 'node:path';
import {
  checkChain,
  Envelope,
  envelopeBytes,
  parseCanonical,
  ENVELOPE_MAX,
  type WorkshopRef,
} from '@rebond/protocol';
import type { Db } from '../db/schema.ts';
import { certifyServer } from '../keys/certify.ts';
import { readPrivate, writePrivate } from '../keys/folder.ts';
import type { Keys } from '../keys/open.ts';
import { findWorkshop, saveWorkshop } from './queries.ts';

/** Who this server speaks for, and what it shows to be believed. */
export type Workshop = {
  ref: WorkshopRef;
  /** The workshop's public key. */
  anchor: string;
  /** `sha256:` and the digest of the anchor, for people to compare. */
  anchorId: string;
  /** The workshop key's certificate for the server key. */
  serverChain: Envelope[];
};

/** @param name the name asked for in the settings, null to keep the one there is */
export async function openWorkshop(
  db: Db,
  keys: Keys,
  folder: string,
  name: string | null,
  now: Date,
): Promise<Workshop> {
  const known = await findWorkshop(db);
  const ref = { id: keys.workshopId, name: name ?? known?.name ?? 'Atelier' };
  await saveWorkshop(db, { ...ref, publicKey: keys.workshop.publicKey }, now);
  const file = join(folder, 'server-certificate.json');
  const kept = await keptCertificate(file, keys, ref, now);
  const certificate = kept ?? (await certifyServer(keys.workshop, keys.server.publicKey, ref, now));
  if (!kept) await writePrivate(file, envelopeBytes(certificate));
  return {
    ref,
    anchor: keys.workshop.publicKey,
    anchorId: keys.workshop.keyId,
    serverChain: [certificate],
  };
}

const YEAR = 365 * 86_400_000;

/** The certificate from an earlier start, if it still says the truth and will for a year. */
async function keptCertificate(
  file: string,
  keys: Keys,
  ref: WorkshopRef,
  now: Date,
): Promise<Envelope | null> {
  const bytes = await readPrivate(file);
  if (!bytes) return null;
  try {
    const envelope = parseCanonical(bytes, Envelope, ENVELOPE_MAX);
    const { leaf, anchor } = await checkChain([envelope]);
    const current =
      anchor === keys.workshop.publicKey &&
      leaf.subject.publicKey === keys.server.publicKey &&
      leaf.workshop.id === ref.id &&
      leaf.workshop.name === ref.name &&
      Date.parse(leaf.notAfter) > now.getTime() + YEAR;
    return current ? envelope : null;
  } catch {
    return null; // unreadable or altered: a new one is signed, nothing is lost
  }
}
