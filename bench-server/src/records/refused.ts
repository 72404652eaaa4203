import { createHash, randomUUID } from 'node:crypto';
import { visible } from '@rebond/protocol';
import type { Db, RefusedRow } from '../db/schema.ts';

export const REFUSED_ROWS = 1000;
export const REFUSED_BYTES = 200 * 1024 * 1024;

export type RefusedLine = Omit<RefusedRow, 'bytes'>;

/**
 * Keeps what was refused, verbatim, for the lead to look at. The same bytes refused again for the same reason are
 * counted, not kept twice; beyond the bounds the oldest go.
 */
export async function keepRefused(
  db: Db,
  refused: { bytes: Uint8Array; code: string; detail: string; address: string },
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const { bytes, code, address } = refused;
  await db.transaction().execute(async (step) => {
    await step
      .insertInto('refused')
      .values({
        id: randomUUID(),
        digest: createHash('sha256').update(bytes).digest('hex'),
        bytes,
        size: bytes.length,
        code,
        detail: visible(refused.detail),
        address: visible(address, 64),
        firstAt: at,
        lastAt: at,
        times: 1,
        seenAt: null,
      })
      .onConflict((conflict) =>
        conflict.columns(['digest', 'code']).doUpdateSet((e) => ({
          lastAt: at,
          seenAt: null,
          times: e('refused.times', '+', 1),
          address: visible(address, 64),
        })),
      )
      .execute();
    await dropOldest(step);
  });
}

/** Counts a body that was too large to be kept. */
export async function countRefused(db: Db, name: string): Promise<void> {
  const one = db.insertInto('tallies').values({ name, count: 1 });
  await one
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((e) => ({ count: e('tallies.count', '+', 1) })),
    )
    .execute();
}

export async function readTally(db: Db, name: string): Promise<number> {
  const row = await db.selectFrom('tallies').select('count').where('name', '=', name).executeTakeFirst();
  return row?.count ?? 0;
}

async function dropOldest(db: Db): Promise<void> {
  const total = db
    .selectFrom('refused')
    .select((e) => [e.fn.countAll<number>().as('rows'), e.fn.sum<number>('size').as('bytes')]);
  for (;;) {
    const { rows, bytes } = await total.executeTakeFirstOrThrow();
    if (rows <= REFUSED_ROWS && bytes <= REFUSED_BYTES) return;
    const oldest = db.selectFrom('refused').select('number').orderBy('lastAt').orderBy('number').limit(1);
    await db.deleteFrom('refused').where('number', 'in', oldest).execute();
    await countRefused(db, 'refused-dropped');
  }
}

const PAGE_SIZE = 50;
const LINE = [
  'id',
  'number',
  'digest',
  'size',
  'code',
  'detail',
  'address',
  'firstAt',
  'lastAt',
  'times',
  'seenAt',
] as const satisfies (keyof RefusedLine)[];

export async function listRefused(db: Db, page: number): Promise<{ refused: RefusedLine[]; more: boolean }> {
  const found = await db
    .selectFrom('refused')
    .select(LINE)
    .orderBy('lastAt', 'desc')
    .orderBy('number', 'desc')
    .limit(PAGE_SIZE + 1)
    .offset((page - 1) * PAGE_SIZE)
    .execute();
  return { refused: found.slice(0, PAGE_SIZE), more: found.length > PAGE_SIZE };
}

export async function refusedBytes(db: Db, id: string): Promise<Uint8Array | null> {
  const row = await db.selectFrom('refused').select('bytes').where('id', '=', id).executeTakeFirst();
  return row?.bytes ?? null;
}

export async function markSeen(db: Db, now: Date): Promise<void> {
  await db.updateTable('refused').set({ seenAt: now.toISOString() }).where('seenAt', 'is', null).execute();
}
