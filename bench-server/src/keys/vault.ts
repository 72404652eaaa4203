import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { canonicalBytes, Id, PublicKey } from '@rebond/protocol';
import { z } from 'zod';
import { StartRefusal } from '../start-refusal.ts';

const Base64 = z.base64().max(4096);

/** A private key at rest. Everything but `sealed` is authenticated with it (GCM's additional data). */
const KeptKey = z.strictObject({
  schema: z.literal('rebond.kept-key/1'),
  role: z.enum(['workshop', 'server']),
  workshopId: Id,
  publicKey: PublicKey,
  createdAt: z.iso.datetime(),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z
      .int()
      .min(2 ** 14)
      .max(2 ** 20),
    r: z.int().min(8).max(32),
    p: z.int().min(1).max(8),
    salt: Base64,
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), iv: Base64 }),
  sealed: z.strictObject({ ciphertext: Base64, tag: Base64 }),
});
export type KeptKey = z.infer<typeof KeptKey>;
type About = Pick<KeptKey, 'role' | 'workshopId' | 'publicKey' | 'createdAt'>;

/** 64 MiB and about a sixth of a second for one guess. */
const KDF = { name: 'scrypt', N: 2 ** 16, r: 8, p: 1 } as const;

/** Encrypts a key's PKCS#8 bytes for the disk. */
export async function sealKey(about: About, pkcs8: Uint8Array, passphrase: string): Promise<KeptKey> {
  const iv = randomBytes(12);
  const head: Omit<KeptKey, 'sealed'> = {
    schema: 'rebond.kept-key/1',
    ...about,
    kdf: { ...KDF, salt: randomBytes(32).toString('base64') },
    cipher: { name: 'aes-256-gcm', iv: iv.toString('base64') },
  };
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, head.kdf), iv);
  cipher.setAAD(canonicalBytes(head));
  const ciphertext = Buffer.concat([cipher.update(pkcs8), cipher.final()]).toString('base64');
  return { ...head, sealed: { ciphertext, tag: cipher.getAuthTag().toString('base64') } };
}

/** Reads a kept key's file; says nothing yet of its secret. @throws StartRefusal */
export function parseKept(bytes: Uint8Array, path: string): KeptKey {
  try {
    return KeptKey.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new StartRefusal(
      `Le fichier de clé ${path} est illisible.`,
      `The key file ${path} is unreadable.`,
      { cause },
    );
  }
}

/** The PKCS#8 bytes again. @throws StartRefusal when the passphrase is wrong or the file was altered */
export async function unsealKey(kept: KeptKey, passphrase: string): Promise<Uint8Array> {
  const { sealed, ...head } = kept;
  const iv = Buffer.from(kept.cipher.iv, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', await derive(passphrase, kept.kdf), iv, {
      authTagLength: 16,
    });
    decipher.setAAD(canonicalBytes(head));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'base64')), decipher.final()]);
  } catch (cause) {
    throw new StartRefusal(
      'La phrase secrète n’ouvre pas les clés de cet atelier (ou leur fichier a été modifié).',
      'The passphrase does not open this workshop’s keys (or their file was altered).',
      { cause },
    );
  }
}

function derive(passphrase: string, { N, r, p, salt }: KeptKey['kdf']): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * N * r };
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
