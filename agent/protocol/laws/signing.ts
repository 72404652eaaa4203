import { sha256Hex } from './canonical.ts';

/** A key that can sign. The private half may be unextractable. */
export type SigningKey = { publicKey: string; keyId: string; sign(bytes: Uint8Array): Promise<Uint8Array> };

export function publicKeyText(raw: Uint8Array): string {
  return raw.toBase64({ alphabet: 'base64url', omitPadding: true });
}

function publicKeyBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text, { alphabet: 'base64url', lastChunkHandling: 'loose' });
}

/** `sha256:` and the hexadecimal digest of the raw 32 bytes. */
export async function keyIdOf(publicKey: string): Promise<string> {
  return `sha256:${await sha256Hex(publicKeyBytes(publicKey))}`;
}

/** A new Ed25519 key whose private half never leaves WebCrypto. */
export async function generateSessionKey(): Promise<SigningKey> {
  return signingKey(await generatePair(false));
}

/** A new Ed25519 key and its PKCS#8 bytes, for keys that must be kept. Encrypt them before they touch a disk. */
export async function generateKeptKey(): Promise<{ key: SigningKey; pkcs8: Uint8Array }> {
  const pair = await generatePair(true);
  return {
    key: await signingKey(pair),
    pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
  };
}

/** A kept key again, from its PKCS#8 bytes and its public half. */
export async function importKeptKey(pkcs8: Uint8Array, publicKey: string): Promise<SigningKey> {
  const privateKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), 'Ed25519', false, [
    'sign',
  ]);
  const key: SigningKey = { publicKey, keyId: await keyIdOf(publicKey), sign: signer(privateKey) };
  const probe = new Uint8Array(16);
  if (!(await verifySignature(publicKey, await key.sign(probe), probe))) {
    throw new Error('the public and the private half of a key do not belong together');
  }
  return key;
}

/** True when `signature` (64 bytes) is the Ed25519 signature of `bytes` under `publicKey`. */
export async function verifySignature(
  publicKey: string,
  signature: Uint8Array,
  bytes: Uint8Array,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKeyBytes(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(bytes));
  } catch {
    return false; // not a point on the curve, or not 64 bytes: nothing that it could have signed
  }
}

type Pair = { publicKey: CryptoKey; privateKey: CryptoKey };

async function generatePair(extractable: boolean): Promise<Pair> {
  return (await crypto.subtle.generateKey('Ed25519', extractable, ['sign', 'verify'])) as Pair;
}

async function signingKey(pair: Pair): Promise<SigningKey> {
  const publicKey = publicKeyText(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  return { publicKey, keyId: await keyIdOf(publicKey), sign: signer(pair.privateKey) };
}

function signer(privateKey: CryptoKey): SigningKey['sign'] {
  return async (bytes) =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(bytes)));
}
