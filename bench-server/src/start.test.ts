import { spawnSync } from 'node:child_process';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Scratch, scratch } from '../../test-fixtures/scratch.ts';
import { startRefused, startServer } from '../../test-fixtures/server.ts';

let place: Scratch;
let data: string;
beforeEach(() => {
  place = scratch('start');
  data = join(place.path, 'data');
});
afterEach(() => place.remove());

/** The one sentence in each language of a start that is refused. */
async function refusal(folder = data): Promise<string> {
  const { status, stdout, stderr } = await startRefused(folder, {});
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr.trim().split('\n')).toHaveLength(2);
  return stderr;
}

async function lived(): Promise<void> {
  await (await startServer(data)).stop();
}

const anchorOf = async (url: string): Promise<string> => {
  const answer = (await (await fetch(`${url}/api/workshop`)).json()) as { anchor: string };
  return answer.anchor;
};

test('of two first starts at the same moment one runs and the other refuses', async () => {
  for (let round = 0; round < 2; round++) {
    const folder = join(place.path, `data-${round}`);
    const starts = await Promise.allSettled([startServer(folder), startServer(folder)]);
    const running = starts.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
    const refused = starts.filter((each) => each.status === 'rejected').map(({ reason }) => String(reason));
    expect([running.length, refused.length]).toEqual([1, 1]);
    expect(refused[0]).toContain('ended with 1');
    expect(refused[0]).toContain('Another Rebond server is already using the folder');
    const anchor = await anchorOf(running[0]?.url ?? '');
    expect(await refusal(folder)).toContain('nothing was touched');
    await running[0]?.stop();
    const again = await startServer(folder);
    expect(await anchorOf(again.url)).toBe(anchor);
    await again.stop('SIGKILL');
    await (await startServer(folder)).stop();
  }
});

test('a data folder that is a file, or lies in one', async () => {
  await writeFile(data, '');
  expect(await refusal()).toContain('is not a folder');
  expect(await refusal(join(data, 'deeper'))).toContain('is not a folder');
});

test.skipIf(process.getuid?.() !== 0)('a data folder on a read-only disk', async () => {
  mkdirSync(data, { mode: 0o700 });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro,mode=700', 'rebond-test', data]);
  if (mounted.status !== 0) return; // not allowed here, as in some containers
  try {
    expect(await refusal()).toContain('read-only disk');
    expect(await refusal(join(data, 'deeper'))).toContain('read-only disk');
  } finally {
    spawnSync('umount', [data]);
  }
});

test.skipIf(process.getuid?.() !== 0).each(['8k', '16k', '100k', '200k'])(
  'a disk that is full after %s',
  async (size) => {
    mkdirSync(data, { mode: 0o700 });
    const options = `size=${size},mode=700`;
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'rebond-test', data]).status !== 0) return;
    try {
      expect(await refusal()).toContain('The disk of the data folder is full');
      expect(spawnSync('mount', ['-o', 'remount,size=10m', data]).status).toBe(0);
      await lived();
    } finally {
      spawnSync('umount', [data]);
    }
  },
);

test.each([
  ['header', 0, 'xxxxxxxx'],
  ['first page', 100, '\u0000\u0007\u00ff'.repeat(40)],
  ['later page', 4096 * 3, '\u0000\u0007\u00ff'.repeat(40)],
])('a database with a damaged %s is left as it is', async (_, offset, rubbish) => {
  await lived();
  const file = join(data, 'rebond.sqlite');
  const bytes = await readFile(file);
  bytes.write(rubbish, offset, 'latin1');
  await writeFile(file, bytes);
  const said = await refusal();
  expect(said).toContain('rebond.sqlite is damaged: nothing was changed');
  expect(await readFile(file)).toEqual(bytes);
});

test('keys without their database', async () => {
  await lived();
  const file = join(data, 'rebond.sqlite');
  await rename(file, join(place.path, 'away'));
  const before = await readdir(data);
  expect(await refusal()).toContain('rebond.sqlite is missing although');
  expect(await readdir(data)).toEqual(before);
  await rename(join(place.path, 'away'), file);
  await lived();
});

test('keys without their passphrase get no new one', async () => {
  await lived();
  const file = join(data, 'keys', 'passphrase');
  await rm(file);
  expect(await refusal()).toContain(`The passphrase file ${file} is missing`);
  expect(await readdir(join(data, 'keys'))).not.toContain('passphrase');
});
