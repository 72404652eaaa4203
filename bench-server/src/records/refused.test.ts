import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { openDatabase } from '../db/open.ts';
import type { Db } from '../db/schema.ts';
import { keepRefused, listRefused, markSeen, readTally, REFUSED_BYTES, REFUSED_ROWS } from './refused.ts';

let db: Db;
let close: () => Promise<void>;

beforeEach(async () => {
  const folder = scratch('refused');
  db = await openDatabase(join(folder.path, 'rebond.sqlite'));
  close = async () => {
    await db.destroy();
    folder.remove();
  };
});
afterEach(() => close());

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20) + second * 1000);
const refusal = (bytes: Uint8Array, code = 'bad-signature') => ({
  bytes,
  code,
  detail: 'x\u001b[2J',
  address: '192.0.2.7',
});

test('the same bytes for the same reason are counted, and become new again', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  await keepRefused(db, refusal(bytes), at(0));
  await markSeen(db, at(1));
  await keepRefused(db, refusal(bytes), at(2));
  await keepRefused(db, refusal(bytes, 'wrong-shape'), at(3));
  const { refused } = await listRefused(db, 1);
  expect(refused.map(({ code, times, seenAt }) => [code, times, seenAt])).toEqual([
    ['wrong-shape', 1, null],
    ['bad-signature', 2, null],
  ]);
  expect(refused[0]?.detail).toBe('x⟨U+001B⟩[2J');
});

test('beyond the rows allowed the oldest go, and are counted', async () => {
  await db.transaction().execute(async (step) => {
    for (let index = 0; index < REFUSED_ROWS; index++) {
      await step
        .insertInto('refused')
        .values(row(index, new Uint8Array([index & 255, index >> 8])))
        .execute();
    }
  });
  await keepRefused(db, refusal(new Uint8Array(3)), at(REFUSED_ROWS));
  const left = await db.selectFrom('refused').select('id').execute();
  expect(left).toHaveLength(REFUSED_ROWS);
  expect(left.some(({ id }) => id === 'row-0')).toBe(false);
  expect(await readTally(db, 'refused-dropped')).toBe(1);
});

test('beyond the bytes allowed the oldest go', async () => {
  const half = new Uint8Array(8);
  for (const index of [0, 1]) {
    await db
      .insertInto('refused')
      .values({ ...row(index, half), digest: `d${index}`, size: REFUSED_BYTES / 2 })
      .execute();
  }
  await keepRefused(db, refusal(new Uint8Array(3)), at(9));
  expect((await db.selectFrom('refused').select('id').execute()).length).toBe(2);
});

function row(index: number, bytes: Uint8Array) {
  const when = at(index).toISOString();
  return {
    id: `row-${index}`,
    digest: `digest-${index}`,
    bytes,
    size: bytes.length,
    code: 'not-json',
    detail: '',
    address: '',
    firstAt: when,
    lastAt: when,
    times: 1,
    seenAt: null,
  };
}
