import { randomBytes } from 'node:crypto';
import { Id } from '@rebond/protocol';
import type { Db, Person, Role } from '../db/schema.ts';
import { ServerError } from '../refusals.ts';

const LEAD_ID = 'responsable';

/** The local lead account, made at first start. */
export async function ensureLead(db: Db, now: Date): Promise<Person> {
  const known = await findPerson(db, LEAD_ID);
  if (known) return known;
  const lead = person(LEAD_ID, 'Responsable', 'admin', now);
  await db.insertInto('people').values(lead).execute();
  return lead;
}

/** @throws ServerError name-needed, name-taken */
export async function addPerson(db: Db, name: string, role: Role, now: Date): Promise<Person> {
  const clean = cleanName(name);
  const made = person(newId(clean), clean, role, now);
  const inserted = await db
    .insertInto('people')
    .values(made)
    .onConflict((conflict) => conflict.column('nameKey').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!inserted) throw new ServerError('name-taken');
  return made;
}

export async function findPerson(db: Db, id: string): Promise<Person | null> {
  return (await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function findByName(db: Db, name: string): Promise<Person | null> {
  const found = db.selectFrom('people').selectAll().where('nameKey', '=', nameKey(name));
  return (await found.executeTakeFirst()) ?? null;
}

export async function listPeople(db: Db): Promise<Person[]> {
  return await db.selectFrom('people').selectAll().orderBy('disabledAt').orderBy('nameKey').execute();
}

export async function setPassphrase(db: Db, id: string, passphrase: string): Promise<void> {
  await db.updateTable('people').set({ passphrase }).where('id', '=', id).execute();
}

export async function noteSignIn(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('people').set({ signedInAt: now.toISOString() }).where('id', '=', id).execute();
}

/** Shuts a person out at once: their web sessions and unused codes go too. @throws ServerError last-lead */
export async function disablePerson(db: Db, id: string, now: Date): Promise<void> {
  await db.transaction().execute(async (step) => {
    const disabled = step.updateTable('people').set({ disabledAt: now.toISOString() });
    await disabled.where('id', '=', id).where('disabledAt', 'is', null).execute();
    const leads = step
      .selectFrom('people')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabledAt', 'is', null);
    if (!(await leads.executeTakeFirst())) throw new ServerError('last-lead');
    await step.deleteFrom('webSessions').where('personId', '=', id).execute();
    await step.deleteFrom('codes').where('personId', '=', id).execute();
  });
}

export async function enablePerson(db: Db, id: string): Promise<void> {
  await db.updateTable('people').set({ disabledAt: null }).where('id', '=', id).execute();
}

function person(id: string, name: string, role: Role, now: Date): Person {
  const createdAt = now.toISOString();
  return {
    id,
    name,
    nameKey: nameKey(name),
    role,
    passphrase: null,
    createdAt,
    signedInAt: null,
    disabledAt: null,
  };
}

function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLocaleLowerCase('fr');
}

function cleanName(name: string): string {
  const clean = name.normalize('NFC').trim().replace(/ +/g, ' ');
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .’'()-]{0,79}$/u.test(clean)) throw new ServerError('name-needed');
  return clean;
}

/** `Technicien 1` → `technicien-1-3f9a`: readable in a record, and unique. */
function newId(name: string): string {
  const plain = name.normalize('NFD').toLowerCase().replace(/\p{M}/gu, '');
  const slug =
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40) || 'personne';
  return Id.parse(`${slug.replace(/-$/, '')}-${randomBytes(3).toString('hex')}`);
}
