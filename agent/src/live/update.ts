import { type Phrase, visible } from '@rebond/protocol';
import type { Server } from '../effects/network.ts';
import type { SlotDoors } from '../effects/slot-files.ts';
import type { Files } from '../effects/types.ts';
import { type BootSlot, lookForUpdate, type Update } from '../update/look.ts';
import { forgetTries, noteStart, type NotStarted } from '../update/note-start.ts';
import { takeUpdate } from '../update/take.ts';
import type { LiveFacts } from './facts.ts';
import type { Voice } from './voice.ts';

/** Renewing the stick: asked for now and then, done only when the technician says so. */
export type Updater = {
  /** Asks the server, once whoever signs for it is known. */
  look: () => Promise<void>;
  offered: () => string | null;
  writing: () => boolean;
  take: () => Promise<void>;
};

/** Null where this system was not started from a slot of a stick that can be written: records may be on another one. */
export function bootSlot({ medium, image, boot }: LiveFacts): BootSlot | null {
  if (medium?.kind !== 'stick' || medium.home === null || medium.home !== medium.config) return null;
  if (image === null || boot.slot === null) return null;
  return { root: medium.home.replace(/\/rebond$/, ''), slot: boot.slot, image };
}

export function updater(
  slot: BootSlot | null,
  doors: {
    server: Server;
    /** Whose word counts: the workshop that vouched for this session or this stick. */
    trust: () => { anchor: string; workshopId: string } | null;
    files: Files;
    slots: SlotDoors;
    voice: Pick<Voice, 'tell' | 'now' | 'lang'>;
    signal: AbortSignal;
  },
): Updater {
  const { server, files, voice } = doors;
  let [update, writing]: [Update | null, boolean] = [null, false];
  const told = new Set<string>();
  return {
    look: async () => {
      const trust = doors.trust();
      if (slot === null || trust === null || writing) return;
      const looked = await lookForUpdate(slot, server, trust, files);
      if (looked.kind === 'update') update = looked.update;
      if (looked.kind === 'none') update = null;
      // Once: it is asked for again and again.
      if (looked.kind === 'refused' && !told.has(looked.reason.code)) {
        told.add(looked.reason.code);
        voice.tell(looked.reason, 'alarm');
      }
    },
    offered: () => update?.manifest.version ?? null,
    writing: () => writing,
    take: async () => {
      if (slot === null || update === null || writing) return;
      writing = true;
      voice.tell(BEGUN, 'strong');
      try {
        const progress = (done: number, total: number): void =>
          voice.now(RUNNING, `${Math.floor((done / Math.max(1, total)) * 100)} %`);
        // Without GRUB's memory it counts no tries either: the update is taken all the same.
        await forgetTries(slot, { ...doors.slots, files }).catch(() => {});
        const taken = await takeUpdate(slot, update, server, doors.slots, progress, doors.signal);
        if (taken.kind === 'failed') return voice.tell(failed(taken.reason), 'alarm');
        update = null;
        voice.tell(READY, 'strong');
      } finally {
        writing = false;
      }
    },
  };
}

/** Tells the boot menu that this image starts, and the technician of a newer one that did not. Never rejects. */
export async function tellStart(
  slot: BootSlot | null,
  doors: { files: Files; slots: SlotDoors; voice: Pick<Voice, 'tell'> },
): Promise<void> {
  if (slot === null) return;
  try {
    const failed = await noteStart(slot, { ...doors.slots, files: doors.files });
    if (failed) doors.voice.tell(notStarted(failed), 'alarm');
  } catch (error) {
    // Without it GRUB would pass over this slot at the next start; the session goes on all the same.
    doors.voice.tell(notMarked(error));
  }
}

function notStarted({ version, times, again }: NotStarted): Phrase {
  const name = version === null ? '' : ` ${visible(version, 40)}`;
  const fr = `La mise à jour${name} de la clé n’est pas allée au bout de son démarrage (coupé, ou image abîmée), essai ${times}. L’image d’avant tourne, elle est bonne, rien n’est perdu.`;
  const en = `The stick’s update${name} did not come to the end of its start (cut off, or a damaged image), try ${times}. The image before it runs, it is good, nothing is lost.`;
  return again
    ? {
        fr: `${fr} La nouvelle sera essayée de nouveau au prochain démarrage.`,
        en: `${en} The new one will be tried again at the next start.`,
      }
    : {
        fr: `${fr} Elle n’est plus essayée : refaites la mise à jour (M) quand le serveur est joint, ou refaites la clé.`,
        en: `${en} It is not tried any more: take the update again (M) once the server is reached, or make the stick anew.`,
      };
}

function notMarked(error: unknown): Phrase {
  const why = visible((error as Error).message, 120);
  return {
    fr: `Le menu de démarrage n’a pas pu noter que cette image démarre bien (${why}).`,
    en: `The boot menu could not be told that this image starts well (${why}).`,
  };
}

const BEGUN: Phrase = {
  fr: 'Mise à jour de la clé : le système qui tourne n’est pas touché. Laissez la clé en place.',
  en: 'Updating the stick: the system that runs is not touched. Keep the stick in.',
};
const READY: Phrase = {
  fr: 'La clé est à jour : la nouvelle image servira au prochain démarrage.',
  en: 'The stick is up to date: the new image will be used at the next start.',
};

const RUNNING: Phrase = { fr: 'Mise à jour de la clé', en: 'Updating the stick' };

function failed({ fr, en }: Phrase): Phrase {
  return {
    fr: `La mise à jour n’a pas abouti, l’image actuelle reste bonne : ${fr}`,
    en: `The update did not succeed, the present image stays good: ${en}`,
  };
}
