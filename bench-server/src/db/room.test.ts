import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { type Laptop, openLaptop } from '../../../test-fixtures/laptops.ts';
import { recordBytes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { lacksRoom } from './room.ts';

let house: House;
let laptop: Laptop;
beforeAll(async () => {
  house = await openHouse();
  laptop = await openLaptop(house.url, await house.benchCode());
});
afterAll(() => house.close());

/** No page can be added to the database from now on: SQLite answers as on a full disk. */
async function fill(): Promise<void> {
  await sql`pragma max_page_count = 1`.execute(house.db);
}
async function makeRoom(): Promise<void> {
  await sql`pragma max_page_count = 1000000`.execute(house.db);
}
const health = async (): Promise<number> => (await fetch(`${house.url}/healthz`)).status;

test('on a full disk a laptop keeps its record, the log names the cause, and the server says it is not well', async () => {
  await fill();
  const records = await Promise.all(
    Array.from({ length: 12 }, (_, sequence) => recordBytes(laptop, { sequence })),
  );
  const answers = await Promise.all(records.map((bytes) => submit(house.url, bytes)));
  expect(answers.map(({ status }) => status)).toContain(507);
  const refused = answers.find(({ status }) => status === 507);
  expect(refused?.body).toMatchObject({
    error: { code: 'disk-full', en: expect.stringContaining('disk is full') },
  });
  expect(house.log()).toContain('database or disk is full');
  expect(house.log()).not.toContain('cannot rollback');
  expect(await health()).toBe(507);
  const kept = await house.db.selectFrom('refused').select('id').execute();
  expect(kept).toEqual([]);

  await makeRoom();
  const again = await Promise.all(records.map((bytes) => submit(house.url, bytes)));
  for (const { status } of again) expect([200, 201]).toContain(status);
  expect(await health()).toBe(200);
});

test('no room has many names', () => {
  expect(lacksRoom(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toBe(true);
  expect(lacksRoom(Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }))).toBe(true);
  expect(lacksRoom(Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode: 19 }))).toBe(false);
  expect(lacksRoom(undefined)).toBe(false);
});
