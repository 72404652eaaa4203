import type { Db } from '../db/schema.ts';

export type WorkshopRow = { id: string; name: string; publicKey: string };

/** The one workshop of this database; null before its first start. */
export async function findWorkshop(db: Db): Promise<WorkshopRow | null> {
  const row = await db.selectFrom('workshops').select(['id', 'name', 'publicKey']).executeTakeFirst();
  return row ?? null;
}

export async function saveWorkshop(db: Db, workshop: WorkshopRow, now: Date): Promise<void> {
  await db
    .insertInto('workshops')
    .values({ ...workshop, createdAt: now.toISOString() })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: workshop.name }))
    .execute();
}
