import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Config } from '../config.ts';
import { StartRefusal } from '../start-refusal.ts';
import { hasKeys } from './data-folder.ts';
import { readPrivate, writePrivate } from './folder.ts';

const SHORTEST = 12;

/**
 * The passphrase that the kept keys are encrypted with: from the named file, else from one made at first start.
 * Beside the keys it protects little, so a server that others can reach does not accept it there.
 * @throws StartRefusal
 */
export async function keyPassphrase(
  config: Pick<Config, 'dataFolder' | 'passphraseFile' | 'loopback'>,
): Promise<string> {
  const inside = join(config.dataFolder, 'keys', 'passphrase');
  if (!config.loopback) await refuseInside(config.dataFolder, config.passphraseFile ?? inside);
  if (config.passphraseFile) return await fromFile(config.passphraseFile);
  const kept = await readPrivate(inside);
  if (kept) return sound(new TextDecoder().decode(kept), inside);
  await refuseWithKeys(inside);
  const made = randomBytes(32).toString('base64url');
  await writePrivate(inside, `${made}\n`);
  return made;
}

/** Keys that exist were encrypted with a passphrase that this would not be. @throws StartRefusal */
async function refuseWithKeys(inside: string): Promise<void> {
  if (!(await hasKeys(dirname(inside)))) return;
  throw new StartRefusal(
    `Le fichier de phrase secrète ${inside} manque alors que les clés de l’atelier sont là : rien n’a été changé ; ` +
      'remettez-le en place, ou nommez le bon dans REBOND_KEY_PASSPHRASE_FILE.',
    `The passphrase file ${inside} is missing although the workshop’s keys are there: nothing was changed; ` +
      'put it back, or name the right one in REBOND_KEY_PASSPHRASE_FILE.',
  );
}

async function fromFile(path: string): Promise<string> {
  const bytes = await readPrivate(path).catch((error: unknown) => {
    if (error instanceof StartRefusal) throw error;
    return null;
  });
  if (!bytes) {
    throw new StartRefusal(
      `Le fichier de phrase secrète ${path} ne peut pas être lu.`,
      `The passphrase file ${path} cannot be read.`,
    );
  }
  return sound(new TextDecoder().decode(bytes), path);
}

function sound(text: string, path: string): string {
  const passphrase = text.trim();
  if (passphrase.length >= SHORTEST) return passphrase;
  throw new StartRefusal(
    `La phrase secrète de ${path} a moins de ${SHORTEST} caractères.`,
    `The passphrase in ${path} has fewer than ${SHORTEST} characters.`,
  );
}

async function refuseInside(dataFolder: string, file: string): Promise<void> {
  const [folder, path] = await Promise.all(
    [dataFolder, file].map((each) => realpath(each).catch(() => each)),
  );
  if (folder === undefined || path === undefined || !path.startsWith(folder + sep)) return;
  throw new StartRefusal(
    'Pour écouter hors de cette machine, la phrase secrète doit être dans un fichier hors du dossier de données : ' +
      'nommez-le dans REBOND_KEY_PASSPHRASE_FILE.',
    'To listen beyond this machine, the passphrase must be in a file outside the data folder: ' +
      'name it in REBOND_KEY_PASSPHRASE_FILE.',
  );
}
