import { createHash, randomBytes } from 'node:crypto';
import type { Db, Person } from '../db/schema.ts';

const IDLE = 12 * 3_600_000;
const TOUCH_EVERY = 60_000;

export type Visitor = { person: Person; openedWith: 'code' | 'passphrase'; session: string };

export type WebSessions = ReturnType<typeof webSessions>;

/** Who is signed in on which browser: opaque tokens, of which only digests are kept. */
export function webSessions(db: Db, now: () => Date) {
  const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
  return {
    async open(personId: string, openedWith: 'code' | 'passphrase'): Promise<string> {
      const oldest = new Date(now().getTime() - IDLE).toISOString();
      await db.deleteFrom('webSessions').where('seenAt', '<', oldest).execute();
      const token = randomBytes(32).toString('base64url');
      const seenAt = now().toISOString();
      await db
        .insertInto('webSessions')
        .values({ hash: digest(token), personId, openedWith, seenAt })
        .execute();
      return token;
    },

    /** @param touch false for what a page asks by itself, which is no sign of a person */
    async find(token: string, touch: boolean): Promise<Visitor | null> {
      const hash = digest(token);
      const at = now();
      const row = await db
        .selectFrom('webSessions')
        .innerJoin('people', 'people.id', 'webSessions.personId')
        .selectAll('people')
        .select(['openedWith', 'seenAt'])
        .where('hash', '=', hash)
        .where('seenAt', '>=', new Date(at.getTime() - IDLE).toISOString())
        .where('disabledAt', 'is', null)
        .executeTakeFirst();
      if (!row) return null;
      const { openedWith, seenAt, ...person } = row;
      if (touch && at.getTime() - Date.parse(seenAt) > TOUCH_EVERY) {
        await db
          .updateTable('webSessions')
          .set({ seenAt: at.toISOString() })
          .where('hash', '=', hash)
          .execute();
      }
      return { person, openedWith, session: hash };
    },

    async close(session: string): Promise<void> {
      await db.deleteFrom('webSessions').where('hash', '=', session).execute();
    },

    /** Ends a person's other sessions, after a new passphrase. */
    async closeOthers(personId: string, kept: string): Promise<void> {
      await db.deleteFrom('webSessions').where('personId', '=', personId).where('hash', '!=', kept).execute();
    },
  };
}
