import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type IMAGE_FILES, ImageManifest, type Phrase, visible } from '@rebond/protocol';
import type { Logger } from 'pino';

type ImageName = (typeof IMAGE_FILES)[number];

/** A file of the image, as it was when its digest was checked. */
export type ImageFile = {
  name: ImageName;
  path: string;
  sizeBytes: number;
  sha256: string;
  /** What tells that it is another file now. */
  mark: string;
};

/** An image whose every file is what its manifest says. */
type Offered = { manifest: ImageManifest; files: readonly ImageFile[] };

export type ImageState =
  | { kind: 'none' }
  | { kind: 'checking' }
  | { kind: 'offered'; manifest: ImageManifest }
  | { kind: 'wrong'; why: Phrase };

export type Images = {
  /** Where the check stands now, for pages. */
  state(): ImageState;
  /** The image once it is checked; null when there is none to offer. */
  offered(): Promise<Offered | null>;
  /** Takes the image back: it changed since it was checked. */
  withdraw(why: Phrase): void;
};

export const NO_IMAGES: Images = {
  state: () => ({ kind: 'none' }),
  offered: async () => null,
  withdraw: () => {},
};

/**
 * Opens the builder's folder. Its files are hashed while the server already answers; an image that is not what its
 * manifest says is never offered, and the log and the lead's page say why.
 * @param folder with `manifest.json` and `netboot/`; null for a server without an image
 */
export function openImages(folder: string | null, logger: Logger): Images {
  if (folder === null) return NO_IMAGES;
  let state: ImageState = { kind: 'checking' };
  let current: Offered | null = null;
  const withdraw = (why: Phrase): void => {
    state = { kind: 'wrong', why };
    current = null;
    logger.error({ why: why.en }, 'the image is not offered');
  };
  const check = async (): Promise<void> => {
    try {
      current = await checkImage(folder);
    } catch (error) {
      return withdraw(error instanceof WrongImage ? error.phrase : unreadable(folder));
    }
    const { manifest } = current;
    state = { kind: 'offered', manifest };
    logger.info({ version: visible(manifest.version), serial: manifest.serial }, 'the image is offered');
  };
  const checked = check();
  return {
    state: () => state,
    async offered() {
      await checked;
      return current;
    },
    withdraw,
  };
}

class WrongImage extends Error {
  readonly phrase: Phrase;
  constructor(fr: string, en: string) {
    super(en);
    this.phrase = { fr, en };
  }
}

async function checkImage(folder: string): Promise<Offered> {
  const manifest = await readManifest(join(folder, 'manifest.json'));
  const files: ImageFile[] = [];
  for (const { name, sizeBytes, sha256 } of manifest.files) {
    files.push(await checkFile(join(folder, 'netboot', name), name, sizeBytes, sha256));
  }
  if (new Set(files.map(({ name }) => name)).size !== files.length) throw badManifest();
  return { manifest, files };
}

const LARGEST_MANIFEST = 64 * 1024;

/** @throws WrongImage */
async function readManifest(path: string): Promise<ImageManifest> {
  const file = await open(path);
  try {
    if ((await file.stat()).size > LARGEST_MANIFEST) throw badManifest();
    const parsed = ImageManifest.safeParse(JSON.parse(await file.readFile('utf8')));
    if (!parsed.success) throw badManifest();
    return parsed.data;
  } catch (error) {
    throw error instanceof SyntaxError ? badManifest() : error;
  } finally {
    await file.close();
  }
}

/** @throws WrongImage */
async function checkFile(
  path: string,
  name: ImageName,
  sizeBytes: number,
  sha256: string,
): Promise<ImageFile> {
  const found = await stat(path);
  // The size first: no more than the manifest promises is ever read.
  const right = found.isFile() && found.size === sizeBytes && (await digestOf(path, sizeBytes)) === sha256;
  if (!right) {
    throw new WrongImage(
      `Le fichier ${name} n’est pas celui que son manifeste annonce : construisez l’image à nouveau.`,
      `The file ${name} is not the one that its manifest names: build the image again.`,
    );
  }
  return { name, path, sizeBytes, sha256, mark: markOf(found) };
}

async function digestOf(path: string, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256');
  if (sizeBytes === 0) return hash.digest('hex');
  const pieces = createReadStream(path, { end: sizeBytes - 1, highWaterMark: 1024 * 1024 });
  for await (const piece of pieces) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

/** Another file in the same place, or the same one written to, has another mark. */
export function markOf(file: { dev: number; ino: number; size: number; mtimeMs: number }): string {
  return [file.dev, file.ino, file.size, file.mtimeMs].join('.');
}

function badManifest(): WrongImage {
  return new WrongImage(
    'Le fichier manifest.json n’est pas celui d’une image de Rebond.',
    'The file manifest.json is not that of a Rebond image.',
  );
}

function unreadable(folder: string): Phrase {
  return {
    fr: `Le dossier de l’image ${folder} n’est pas complet ou ne peut pas être lu : construisez l’image à nouveau.`,
    en: `The folder of the image ${folder} is incomplete or cannot be read: build the image again.`,
  };
}
