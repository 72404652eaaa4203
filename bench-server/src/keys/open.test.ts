import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Scratch, scratch } from '../../../test-fixtures/scratch.ts';
import { StartRefusal } from '../start-refusal.ts';
import { openKeys } from './open.ts';
import { keyPassphrase } from './passphrase.ts';

let folder: Scratch;
let keys: string;
beforeEach(async () => {
  folder = scratch('keys');
  keys = join(folder.path, 'keys');
});
afterEach(() => folder.remove());

const PASS = 'une phrase pour les essais';
const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('keys are made once, 0600 in a 0700 folder, and come back the same', async () => {
  const made = await openKeys(keys, PASS, null);
  const again = await openKeys(keys, PASS, { id: made.workshopId, publicKey: made.workshop.publicKey });
  expect(again.workshop.publicKey).toBe(made.workshop.publicKey);
  expect(again.server.publicKey).toBe(made.server.publicKey);
  expect(again.codeSecret).toEqual(made.codeSecret);
  expect(made.workshopId).toMatch(/^atelier-[0-9a-f]{8}$/);
  expect(made.workshop.publicKey).not.toBe(made.server.publicKey);
  expect(await modeOf(keys)).toBe(0o700);
  for (const name of ['workshop.key.json', 'server.key.json'])
    expect(await modeOf(join(keys, name))).toBe(0o600);
});

test('the file says how it is encrypted, and holds no private key in clear', async () => {
  await openKeys(keys, PASS, null);
  const kept = JSON.parse(await readFile(join(keys, 'workshop.key.json'), 'utf8')) as Record<string, unknown>;
  expect(kept).toMatchObject({
    schema: 'rebond.kept-key/1',
    kdf: { name: 'scrypt', N: 65_536, r: 8, p: 1 },
    cipher: { name: 'aes-256-gcm' },
  });
  const sealed = Buffer.from((kept['sealed'] as { ciphertext: string }).ciphertext, 'base64');
  // The DER prefix of every Ed25519 PKCS#8 key (RFC 8410).
  expect(sealed.includes(Buffer.from('302e020100300506032b6570', 'hex'))).toBe(false);
});

test('a wrong passphrase opens nothing', async () => {
  await openKeys(keys, PASS, null);
  await expect(openKeys(keys, `${PASS}.`, null)).rejects.toThrow(StartRefusal);
});

test.each(['workshopId', 'publicKey', 'createdAt'])(
  'a key whose %s was altered is not opened',
  async (field) => {
    await openKeys(keys, PASS, null);
    const path = join(keys, 'server.key.json');
    const kept = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    const swap: Record<string, string> = {
      workshopId: 'atelier-00000000',
      publicKey: 'A'.repeat(43),
      createdAt: '2020-01-01T00:00:00.000Z',
    };
    await writeFile(path, JSON.stringify({ ...kept, [field]: swap[field] }));
    await expect(openKeys(keys, PASS, null)).rejects.toThrow(StartRefusal);
  },
);

test.each([
  ['workshop.key.json', 0o640],
  ['server.key.json', 0o604],
  ['.', 0o750],
])('%s with mode %o is refused', async (name, mode) => {
  await openKeys(keys, PASS, null);
  await chmod(join(keys, name), mode);
  await expect(openKeys(keys, PASS, null)).rejects.toMatchObject({
    name: 'StartRefusal',
    fr: expect.stringContaining('droits'),
  });
});

test('a database whose workshop key is gone gets no new one', async () => {
  const made = await openKeys(keys, PASS, null);
  const known = { id: made.workshopId, publicKey: made.workshop.publicKey };
  await rm(join(keys, 'workshop.key.json'));
  await expect(openKeys(keys, PASS, known)).rejects.toThrow(StartRefusal);
});

test('the passphrase is made beside the keys on loopback only, and a named file is used', async () => {
  const { privateFolder } = await import('./folder.ts');
  await privateFolder(keys);
  const here = { dataFolder: folder.path, passphraseFile: null };
  const made = await keyPassphrase({ ...here, loopback: true });
  expect(made.length).toBe(43);
  expect(await keyPassphrase({ ...here, loopback: true })).toBe(made);
  expect(await modeOf(join(keys, 'passphrase'))).toBe(0o600);
  await expect(keyPassphrase({ ...here, loopback: false })).rejects.toMatchObject({
    fr: expect.stringContaining('REBOND_KEY_PASSPHRASE_FILE'),
  });
  await expect(
    keyPassphrase({ ...here, loopback: false, passphraseFile: join(keys, 'passphrase') }),
  ).rejects.toThrow(StartRefusal);
  const apart = scratch('apart');
  const file = join(apart.path, 'pass');
  await writeFile(file, `${PASS}\n`, { mode: 0o600 });
  expect(await keyPassphrase({ ...here, loopback: false, passphraseFile: file })).toBe(PASS);
  await chmod(file, 0o644);
  await expect(keyPassphrase({ ...here, loopback: false, passphraseFile: file })).rejects.toThrow(
    StartRefusal,
  );
  await writeFile(file, 'court', { mode: 0o600 });
  await chmod(file, 0o600);
  await expect(keyPassphrase({ ...here, loopback: false, passphraseFile: file })).rejects.toThrow(
    StartRefusal,
  );
  await expect(
    keyPassphrase({ ...here, loopback: true, passphraseFile: join(apart.path, 'none') }),
  ).rejects.toThrow(StartRefusal);
  apart.remove();
});
