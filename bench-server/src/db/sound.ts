import { stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { StartRefusal } from '../start-refusal.ts';

/**
 * Looks through an existing database before anything is written to it. The connection can only read, so a damaged
 * file stays as it was found: not even its log is merged into it.
 * @throws StartRefusal
 */
export async function refuseDamaged(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 0 && !isSound(file)) throw damaged(file);
}

function isSound(file: string): boolean {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    const found = sqlite.prepare('pragma quick_check(1)').get();
    return found?.['quick_check'] === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    sqlite?.close();
  }
}

const [CORRUPT, NOT_A_DATABASE] = [11, 26];

function isDamage(error: unknown): boolean {
  const { errcode = 0 } = error as { errcode?: number };
  return [CORRUPT, NOT_A_DATABASE].includes(errcode & 0xff);
}

function damaged(file: string): StartRefusal {
  return new StartRefusal(
    `La base de données ${file} est abîmée : rien n’a été changé ; gardez ce fichier, et remettez une copie à sa place.`,
    `The database ${file} is damaged: nothing was changed; keep this file, and put a copy back in its place.`,
  );
}
