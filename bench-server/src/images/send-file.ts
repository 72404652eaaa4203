import { open } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusalOf } from '../refusals.ts';
import { type ImageFile, type Images, markOf } from './open.ts';
import { type Part, rangeOf } from './range.ts';

/**
 * Streams a checked file of the image, whole or in part. One that changed since it was checked takes the whole image
 * back instead.
 * @returns false when there is nothing to send any more
 */
export async function sendImageFile(
  images: Images,
  file: ImageFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const etag = `"${file.sha256}"`;
  return await sendOpened(file.path, 'application/octet-stream', etag, request, reply, (mark) => {
    if (mark === file.mark) return true;
    images.withdraw({
      fr: `Le fichier ${file.name} a changé depuis qu’il a été vérifié : redémarrez le serveur.`,
      en: `The file ${file.name} has changed since it was checked: start the server again.`,
    });
    return false;
  });
}

/**
 * Streams any file. @returns false when it is not there, not a file, or not `sound`
 */
export async function sendOpened(
  path: string,
  type: string,
  etag: string | null,
  request: FastifyRequest,
  reply: FastifyReply,
  sound: (mark: string) => boolean,
): Promise<boolean> {
  const handle = await open(path).catch(() => null);
  if (!handle) {
    sound('gone');
    return false;
  }
  let streaming = false;
  try {
    const found = await handle.stat();
    if (!found.isFile() || !sound(markOf(found))) return false;
    const part = partFor(request, etag, found.size);
    announce(reply, part, found.size, type, etag);
    if (part === 'unsatisfiable') {
      const { fr, en, code } = refusalOf('no-such-range');
      void reply.serializer(JSON.stringify).send({ error: { code, fr, en } });
      return true;
    }
    const bytes = part === 'whole' ? { start: 0, end: found.size - 1 } : part;
    if (request.method === 'HEAD' || found.size === 0) {
      void reply.send(null);
      return true;
    }
    streaming = true;
    void reply.send(handle.createReadStream({ ...bytes, highWaterMark: 256 * 1024 }));
    return true;
  } finally {
    if (!streaming) await handle.close();
  }
}

/** A part is only sent of the very file that the client has the beginning of, if it says which (RFC 9110, 13.1.5). */
function partFor({ headers }: FastifyRequest, etag: string | null, size: number): ReturnType<typeof rangeOf> {
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag) return 'whole';
  return rangeOf(headers.range, size);
}

function announce(
  reply: FastifyReply,
  part: Part | 'whole' | 'unsatisfiable',
  size: number,
  type: string,
  etag: string | null,
): void {
  reply.header('accept-ranges', 'bytes');
  if (etag) reply.header('etag', etag);
  if (part === 'unsatisfiable') {
    reply.code(416).header('content-range', `bytes */${size}`).type('application/json; charset=utf-8');
    return;
  }
  reply.type(type);
  // Not through the framework, which writes names in lower case: some boot loaders read only `Content-Length`.
  reply.raw.setHeader('Content-Length', part === 'whole' ? size : part.end - part.start + 1);
  if (part !== 'whole') reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${size}`);
}
