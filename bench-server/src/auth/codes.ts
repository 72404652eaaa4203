import { createHmac, randomBytes } from 'node:crypto';
import type { CodeKind, Db, Person } from '../db/schema.ts';

/**
 * Sixteen letters that look unlike each other and lie under the same key on QWERTY, AZERTY and QWERTZ keyboards,
 * so that a code typed with the wrong layout is still right. Twelve of them are 48 bits.
 */
const ALPHABET = 'BCDFGHJKLNPRSTVX';
const LENGTH = 12;

const MINUTE = 60_000;
export const CODE_MINUTES = 15;
export const HANDED_OVER_MINUTES = 24 * 60;

export type Codes = ReturnType<typeof codeBook>;

/** One-time codes: made for a person, kept as keyed digests, gone at their first use. */
export function codeBook(db: Db, secret: Uint8Array, now: () => Date) {
  const digest = (code: string): string => createHmac('sha256', secret).update(code).digest('hex');
  return {
    /** A new code, ready to be read aloud: three groups of four letters. */
    async make(kind: CodeKind, personId: string, minutes = CODE_MINUTES, bench = ''): Promise<string> {
      const code = randomCode();
      const madeAt = now();
      await db.deleteFrom('codes').where('expiresAt', '<=', madeAt.toISOString()).execute();
      const expiresAt = new Date(madeAt.getTime() + minutes * MINUTE).toISOString();
      const row = { hash: digest(code), kind, personId, bench, madeAt: madeAt.toISOString(), expiresAt };
      await db.insertInto('codes').values(row).execute();
      return grouped(code);
    },

    /** Uses a code up. @returns who made it, or null when it is wrong, used, too old, or its maker was disabled */
    async redeem(
      kind: CodeKind,
      typed: string,
      within: Db = db,
    ): Promise<{ person: Person; bench: string } | null> {
      const code = normalized(typed);
      if (code.length !== LENGTH) return null;
      const used = await within
        .deleteFrom('codes')
        .where('hash', '=', digest(code))
        .where('kind', '=', kind)
        .where('expiresAt', '>', now().toISOString())
        .returning(['personId', 'bench'])
        .executeTakeFirst();
      if (!used) return null;
      const person = await within
        .selectFrom('people')
        .selectAll()
        .where('id', '=', used.personId)
        .where('disabledAt', 'is', null)
        .executeTakeFirst();
      return person ? { person, bench: used.bench } : null;
    },

    /** Takes back every unused code of a person (and kind). */
    async withdraw(personId: string, kind?: CodeKind): Promise<void> {
      const all = db.deleteFrom('codes').where('personId', '=', personId);
      await (kind ? all.where('kind', '=', kind) : all).execute();
    },
  };
}

/** What was typed, without case, blanks and hyphens. */
function normalized(typed: string): string {
  return typed.toUpperCase().replace(/[^A-Z]/g, '');
}

function randomCode(): string {
  return Array.from(randomBytes(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

function grouped(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}
