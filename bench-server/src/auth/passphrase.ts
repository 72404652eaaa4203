import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export const SHORTEST_PASSPHRASE = 12;
export const LONGEST_PASSPHRASE = 256;
const N = 2 ** 16;
const R = 8;
const P = 1;

/** `scrypt$N$r$p$salt$digest`, with a salt of its own. */
export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const digest = await derive(passphrase, salt, N, R, P);
  return ['scrypt', N, R, P, salt.toString('base64url'), digest.toString('base64url')].join('$');
}

/**
 * True when the passphrase is the one of `stored`. With nothing stored it takes as long and says false, so that
 * the answer's time does not tell which names exist.
 */
export async function checkPassphrase(passphrase: string, stored: string | null): Promise<boolean> {
  const [, n, r, p, salt = '', digest = ''] = (stored ?? NOBODY).split('$');
  const expected = Buffer.from(digest, 'base64url');
  const given = await derive(passphrase, Buffer.from(salt, 'base64url'), Number(n), Number(r), Number(p));
  return given.length === expected.length && timingSafeEqual(given, expected) && stored !== null;
}

const NOBODY = ['scrypt', N, R, P, 'AAAAAAAAAAAAAAAAAAAAAA', Buffer.alloc(32).toString('base64url')].join(
  '$',
);

function derive(passphrase: string, salt: Buffer, n: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 256 * n * r };
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
