import { setTimeout as delay } from 'node:timers/promises';
import { DriveIdentity, type Drive, type ImageRef } from '@rebond/protocol';
import { type BootMedium, bootMediumOf } from '../decide/boot-medium.ts';
import type { Files } from '../effects/types.ts';
import { type BootWords, parseCmdline } from '../parse/cmdline.ts';
import { type ImageFacts, type MediumState, parseImageFacts, parseMediumState } from '../parse/live-state.ts';

const IMAGE_FACTS = '/usr/lib/rebond/image.json';

/** What this system is: the live image, or another one. */
export type LiveFacts = {
  boot: BootWords;
  medium: MediumState | null;
  /** True only where the image's own file and the kernel's command line say so together; both are root's. */
  onLiveImage: boolean;
  image: ImageRef | null;
  /** The agent's digest as the image's builder wrote it down. */
  agentSha256: string | null;
};

export async function readLiveFacts(
  files: Files,
  places: { run: string; cmdline: string },
): Promise<LiveFacts> {
  const text = async (path: string): Promise<string> => {
    const read = await files.text(path, 65_536);
    return read.kind === 'read' ? read.value : '';
  };
  const boot = parseCmdline(await text(places.cmdline));
  const facts: ImageFacts | null = parseImageFacts(await text(IMAGE_FACTS));
  const medium = parseMediumState(await text(`${places.run}/medium.json`));
  const onLiveImage = facts !== null && boot.live && boot.imageSha256 !== null;
  const image =
    facts !== null && boot.imageSha256 !== null
      ? { version: facts.version, serial: facts.serial, sha256: boot.imageSha256 }
      : null;
  return {
    ...{ boot, medium, onLiveImage },
    image: onLiveImage ? image : null,
    agentSha256: onLiveImage ? facts.agentSha256 : null,
  };
}

/**
 * Asks again until the live image knows what it was booted from: a slow stick must not leave a laptop without its
 * settings. Ends at the latest after `withinMs`; what comes later is seen by `watch`.
 */
export async function awaitMedium(
  facts: LiveFacts,
  read: () => Promise<LiveFacts>,
  withinMs: number,
  stepMs = 250,
): Promise<LiveFacts> {
  let known = facts;
  for (let waited = 0; known.onLiveImage && known.medium === null && waited < withinMs; waited += stepMs) {
    await delay(stepMs);
    known = await read();
  }
  return known;
}

/**
 * The boot medium with its identity as it was when the agent first looked, which is kept in the run folder: an agent
 * that is started again after the stick was pulled still knows it.
 */
export async function bootMedium(
  facts: LiveFacts,
  doors: {
    files: Files;
    run: string;
    readDrive: (path: string) => Promise<Drive | null>;
    writeFile: (file: { path: string; text: string; mode: number }) => Promise<void>;
  },
): Promise<BootMedium> {
  const { medium, onLiveImage } = facts;
  if (medium === null) return onLiveImage ? { kind: 'unknown' } : { kind: 'none' };
  const { disk, diskseq } = medium;
  if (disk === null) return bootMediumOf(medium, null);
  const path = `${doors.run}/boot-identity.json`;
  const kept = await doors.files.text(path, 16_384);
  const known = kept.kind === 'read' ? identityIn(kept.value) : null;
  if (known) return bootMediumOf(medium, known);
  const drive = await doors.readDrive(disk);
  // Another drive may bear that name by now.
  const same = drive !== null && (diskseq === null || drive.diskseq === null || drive.diskseq === diskseq);
  if (!same) return bootMediumOf(medium, null);
  await doors.writeFile({ path, text: `${JSON.stringify(drive.identity)}\n`, mode: 0o600 });
  return bootMediumOf(medium, drive.identity);
}

function identityIn(text: string): DriveIdentity | null {
  try {
    return DriveIdentity.parse(JSON.parse(text));
  } catch {
    return null; // torn: read from the drive again, or not known
  }
}
