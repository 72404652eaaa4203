import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { ImageManifest } from '@rebond/protocol';
import { DownloadError, type Server } from '../effects/network.ts';
import type { SlotWriter } from '../effects/slot-files.ts';

/** How often in a row nothing comes before it is given up, and the first wait between two tries, which doubles. */
export type Pace = { tries: number; waitMs: number };
export const PACE: Pace = { tries: 6, waitMs: 500 };

/** All bytes came and they are not the file's. */
export class WrongBytes extends Error {
  override name = 'WrongBytes';
}

/**
 * Receives one file piece by piece into `writer`. A connection that breaks off is taken up again where it broke.
 * @throws WrongBytes, DownloadError, and the errors of writing
 */
export async function fetchFile(
  server: Server,
  file: ImageManifest['files'][number],
  writer: SlotWriter,
  received: (bytes: number) => void,
  signal: AbortSignal,
  pace: Pace,
): Promise<void> {
  const hash = createHash('sha256');
  let done = 0;
  let failures = 0;
  while (done < file.sizeBytes) {
    const before = done;
    const wanted = { from: done, maxBytes: file.sizeBytes - done, signal };
    try {
      for await (const piece of server.download(`/api/images/files/${file.sha256}`, wanted)) {
        await writer.append(piece);
        hash.update(piece);
        done += piece.length;
        received(piece.length);
      }
    } catch (error) {
      if (!(error instanceof DownloadError) || error.code !== 'unreachable') throw error;
    }
    if (done === file.sizeBytes) break;
    failures = done > before ? 1 : failures + 1;
    if (failures >= pace.tries) throw new DownloadError('unreachable', `${done} of ${file.sizeBytes} bytes`);
    await pause(pace.waitMs * 2 ** (failures - 1), signal);
  }
  if (hash.digest('hex') !== file.sha256) throw new WrongBytes(file.name);
}

/** @throws DownloadError stopped */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (cause) {
    throw new DownloadError('stopped', 'between two tries', { cause });
  }
}
