import { type Phrase, visible } from '@rebond/protocol';

/** What to tell a person when the folder of the journal and the records cannot be read or written; else null. */
export function storageFailed(error: unknown): Phrase | null {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!code || !syscall) return null;
  const what = visible([code, path].filter(Boolean).join(' '));
  return {
    fr: `Le dossier des fiches ne peut pas être lu ou écrit (${what}). Ce qui y est déjà reste intact, et ce qui n’a pas pu être gardé sera dit inconnu par la session suivante. Faites de la place ou donnez un autre dossier (--home), puis relancez.`,
    en: `The records’ folder cannot be read or written (${what}). What is already in it stays intact, and what could not be kept will be called unknown by the next session. Make room or give another folder (--home), then start again.`,
  };
}
