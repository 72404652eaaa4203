import { type RawBuilder, sql } from 'kysely';

/** True where the column holds `word` somewhere; `%` and `_` in it stand for themselves. */
export function holdsWord(column: string, word: string): RawBuilder<boolean> {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;
}
