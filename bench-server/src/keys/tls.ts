import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { privateFolder, readPrivate, writePrivate } from './folder.ts';

export type Tls = {
  key: string;
  cert: string;
  /** `sha256/` and the base64 SHA-256 of the public key (SPKI). */ pin: string;
};

const YEARS_10 = 10 * 365 * 86_400_000;

/** The key and self-signed certificate of HTTPS, made at first start. Laptops pin the key, not a name. */
export async function openTls(folder: string, ...names: readonly string[]): Promise<Tls> {
  await privateFolder(folder);
  const file = join(folder, 'server.pem');
  const kept = await readPrivate(file);
  const pem = kept ? new TextDecoder().decode(kept) : await makePem(names);
  if (!kept) await writePrivate(file, pem);
  const cut = pem.indexOf('-----BEGIN CERTIFICATE-----');
  const [key, cert] = [pem.slice(0, cut), pem.slice(cut)];
  return { key, cert, pin: spkiPin(cert) };
}

export function spkiPin(cert: string): string {
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
}

/** Key and certificate in one file: after a power cut there are both or none. */
async function makePem(names: readonly string[]): Promise<string> {
  const { generate } = await import('selfsigned');
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const made = await generate([{ name: 'commonName', value: hostname() }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + YEARS_10),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: hostname() },
          ...names.map(altName),
          ...addresses.map(({ address }) => ({ type: 7 as const, ip: address.replace(/%.*$/, '') })),
        ],
      },
    ],
  });
  return `${made.private.trim()}\n${made.cert.trim()}\n`;
}

function altName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };
}
