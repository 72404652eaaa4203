import type { ImageManifest, Reason } from '@rebond/protocol';
import { type Server, DownloadError } from '../effects/network.ts';
import type { SlotDoors, SlotFiles } from '../effects/slot-files.ts';
import { readyCfg } from '../parse/ready-cfg.ts';
import { fetchFile, type Pace, PACE, WrongBytes } from './fetch-file.ts';
import type { BootSlot, Update } from './look.ts';
import { because } from './reasons.ts';

export type Taken = { kind: 'ready' } | { kind: 'failed'; reason: Reason };

const READY = 'ready.cfg';
const MANIFEST = 'manifest.json';
/** Stays free for journals and records, which matter more than any image. */
const RESERVE = 32 * 1024 * 1024;

/**
 * Puts an image into the slot that does not run. The slot stops being ready before anything of it is touched, and is
 * ready again as the very last thing, after all of it was read back from the disk: a power cut anywhere leaves it
 * either not ready or complete. Never rejects.
 * @param progress called with the bytes received so far, of all files
 */
export async function takeUpdate(
  boot: BootSlot,
  update: Update,
  server: Server,
  doors: SlotDoors,
  progress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
  pace: Pace = PACE,
): Promise<Taken> {
  const { manifest, slot } = update;
  const squashfs = manifest.files.find(({ name }) => name === 'filesystem.squashfs')?.sha256 ?? '';
  if (slot === boot.slot) return { kind: 'failed', reason: because('own-slot') };
  try {
    const files = await doors.openSlot(`${boot.root}/live-${slot}`);
    if (!(await hasRoom(files, manifest))) return { kind: 'failed', reason: because('no-room') };
    await clear(files, manifest);
    await fetchAll(files, manifest, server, progress, signal, pace);
    for (const { name, sha256, sizeBytes } of manifest.files) {
      const there = await files.readBack(name);
      if (there.sha256 !== sha256 || there.sizeBytes !== sizeBytes)
        return { kind: 'failed', reason: because('not-written') };
    }
    await files.put(MANIFEST, bytesOf(`${JSON.stringify(manifest, null, 2)}\n`));
    if (signal.aborted) return { kind: 'failed', reason: because('stopped') };
    await files.put(READY, bytesOf(readyCfg(slot, manifest.serial, squashfs)));
    return { kind: 'ready' };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** What the slot holds now makes room too. */
async function hasRoom(files: SlotFiles, manifest: ImageManifest): Promise<boolean> {
  let room = (await files.freeBytes()) - RESERVE;
  for (const { name, sizeBytes } of manifest.files) room += ((await files.sizeOf(name)) ?? 0) - sizeBytes;
  return room >= 0;
}

async function clear(files: SlotFiles, manifest: ImageManifest): Promise<void> {
  await files.remove(READY);
  for (const name of [MANIFEST, ...manifest.files.map((each) => each.name)]) await files.remove(name);
}

async function fetchAll(
  files: SlotFiles,
  manifest: ImageManifest,
  server: Server,
  progress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
  pace: Pace,
): Promise<void> {
  const total = manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  for (const file of manifest.files) {
    const writer = await files.create(file.name);
    try {
      await fetchFile(server, file, writer, (bytes) => progress((done += bytes), total), signal, pace);
      await writer.finish();
    } catch (error) {
      await writer.abandon().catch(() => {}); // the first error is the one to tell
      throw error;
    }
  }
}

function reasonOf(error: unknown): Reason {
  if (error instanceof WrongBytes) return because('wrong-bytes');
  if (!(error instanceof DownloadError)) return because('not-written');
  if (error.code === 'too-long') return because('wrong-bytes');
  return because(error.code === 'stopped' ? 'stopped' : 'not-downloaded');
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
