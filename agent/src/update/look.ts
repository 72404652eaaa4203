import {
  Envelope,
  IMAGE_OFFER_TYPE,
  type ImageManifest,
  type ImageOffer,
  type ImageRef,
  type Reason,
} from '@rebond/protocol';
import { z } from 'zod';
import { otherSlot, type SlotName } from '../decide/slot.ts';
import type { Answer, Server } from '../effects/network.ts';
import type { Files } from '../effects/types.ts';
import { parseReadyCfg } from '../parse/ready-cfg.ts';
import { jsonOf } from '../report/answers.ts';
import { openServerWord, type Trust } from '../report/server-word.ts';
import { givenUp } from './note-start.ts';
import { because } from './reasons.ts';

/** What the stick booted: its root folder (`/run/live/medium`), the slot that runs, and which image that is. */
export type BootSlot = { root: string; slot: SlotName; image: ImageRef };

/** An image that may be taken, and the slot it goes to: never the one that runs. */
export type Update = { manifest: ImageManifest; slot: SlotName };

export type Looked =
  | { kind: 'update'; update: Update }
  | { kind: 'none' }
  | { kind: 'unreachable'; detail: string }
  | { kind: 'refused'; reason: Reason };

/** Whether the workshop's server offers an image newer than the one that runs and than the one that waits beside it. */
export async function lookForUpdate(
  boot: BootSlot,
  server: Server,
  trust: Trust,
  files: Files,
): Promise<Looked> {
  const answer = await server.get('/api/images/latest');
  if (answer.kind === 'unreachable') return answer;
  if (answer.status === 404) return { kind: 'none' };
  if (answer.status !== 200) return { kind: 'unreachable', detail: `HTTP ${answer.status}` };
  const offer = await readOffer(answer, trust);
  if ('code' in offer) return { kind: 'refused', reason: offer };
  const { manifest } = offer;
  const slot = otherSlot(boot.slot);
  const waiting = await readySerial(boot.root, slot, files);
  if (waiting === 'unreadable') return { kind: 'refused', reason: because('slot-unreadable') };
  // One that was started in vain as often as it may be does not stand in the way of being written once more.
  const present = waiting !== null && waiting === (await givenUp(boot, files)) ? null : waiting;
  const newer = manifest.serial > boot.image.serial && manifest.serial > (present ?? 0);
  return newer ? { kind: 'update', update: { manifest, slot } } : { kind: 'none' };
}

const OfferAnswer = z.object({ offer: Envelope, chain: z.array(Envelope).min(1).max(4) });
/** FAT32 takes no longer file. */
const FAT_MAX = 0xffff_ffff;

async function readOffer(
  answer: Extract<Answer, { kind: 'answered' }>,
  trust: Trust,
): Promise<ImageOffer | Reason> {
  const parsed = OfferAnswer.safeParse(jsonOf(answer));
  if (!parsed.success) return because('offer-nonsense');
  try {
    const said = { envelope: parsed.data.offer, chain: parsed.data.chain };
    const offer = await openServerWord(IMAGE_OFFER_TYPE, said, trust);
    const { files } = offer.manifest;
    const each = new Set(files.map(({ name }) => name)).size === files.length;
    return each && files.every(({ sizeBytes }) => sizeBytes <= FAT_MAX) ? offer : because('offer-nonsense');
  } catch {
    return because('offer-not-believed');
  }
}

async function readySerial(
  root: string,
  slot: SlotName,
  files: Files,
): Promise<number | null | 'unreadable'> {
  const read = await files.text(`${root}/live-${slot}/ready.cfg`, 4096);
  if (read.kind === 'refused') return 'unreadable';
  return read.kind === 'read' ? parseReadyCfg(read.value, slot) : null;
}
