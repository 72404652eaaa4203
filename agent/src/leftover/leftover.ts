import {
  clip,
  type Evidence,
  type Inventory,
  type Leftovers,
  type Mode,
  type Reason,
} from '@rebond/protocol';
import type { FirmwareRequests } from '../effects/firmware-requests.ts';
import type { ClockDoor, Files } from '../effects/types.ts';
import { readPartitions } from '../probe/leftovers.ts';
import type { RecordFacts } from '../report/record.ts';
import type { Asking } from './asking.ts';
import { lookAfterBootEntries } from './boot-entries.ts';
import { askChecklist } from './checklist.ts';
import { lookAfterMok } from './mok.ts';
import { lookAfterTpm } from './tpm.ts';

type Left = Pick<RecordFacts, 'leftovers' | 'checklist'>;

/** What a session looks after besides the drives: before it touches them, and when it is done with them. */
export type LeftoverDoor = {
  before: (inventory: Inventory) => Promise<void>;
  after: (sanitizations: readonly Evidence[], clock: ClockDoor) => Promise<Left>;
};

/**
 * The work on the drives between the two. Whatever becomes of these, what was seen of the drives goes into the record, and
 * it says that the rest was not looked at.
 */
export async function withLeftovers<Done extends { sanitizations: Evidence[]; remarks: Reason[] }>(
  door: LeftoverDoor,
  inventory: Inventory,
  clock: ClockDoor,
  work: () => Promise<Done>,
): Promise<Done & Left> {
  const remarks: Reason[] = [];
  const told = (error: unknown): void => void remarks.push(brokeOff(error));
  await door.before(inventory).catch(told);
  const done = await work();
  const left = await door.after(done.sanitizations, clock).catch((error: unknown): Left => {
    told(error);
    return { leftovers: null, checklist: null };
  });
  return { ...done, ...left, remarks: [...done.remarks, ...remarks] };
}

function brokeOff(error: unknown): Reason {
  const why = clip((error as NodeJS.ErrnoException).code ?? (error as Error).message, 200);
  return {
    code: 'leftovers-broke-off',
    fr: `Ce qui reste à côté des disques n’a pas pu être regardé jusqu’au bout (${why}). Ce qui est dit des disques reste vrai ; regardez le reste à la main.`,
    en: `What is left over beside the drives could not be looked at to the end (${why}). What is said of the drives stays true; look at the rest by hand.`,
  };
}

export type LeftoverDoors = {
  mode: Mode;
  onLiveImage: boolean;
  files: Files;
  firmware: FirmwareRequests;
  asking: Asking;
};

export function leftoverDoor(doors: LeftoverDoors): LeftoverDoor {
  const { files, firmware, asking } = doors;
  let inventory: Inventory | null = null;
  let partitions: ReadonlyMap<string, readonly string[]> = new Map();
  return {
    before: async (known) => {
      inventory = known;
      if (doors.mode === 'real') partitions = await readPartitions(files);
    },
    after: async (sanitizations, clock) => {
      if (doors.mode !== 'real' || inventory === null) return { leftovers: null, checklist: null };
      const done = new Set(
        sanitizations.filter(({ outcome }) => outcome === 'done').map(({ plan }) => plan.target.path),
      );
      const barred = !doors.onLiveImage ? NOT_LIVE : done.size === 0 ? NOTHING_DONE : null;
      const within = { files, firmware, asking };
      const leftovers: Leftovers = {
        bootEntries: await lookAfterBootEntries(within, partitions, done, barred),
        tpm: await lookAfterTpm(within, barred),
        mok: await lookAfterMok(files, asking),
      };
      return { leftovers, checklist: await askChecklist(inventory, { files, asking, clock }) };
    },
  };
}

const NOT_LIVE: Reason = {
  code: 'not-live',
  fr: 'Ce système n’est pas l’image Rebond : rien n’est demandé à son micrologiciel.',
  en: 'This system is not the Rebond image: nothing is asked of its firmware.',
};
/** The TPM may hold the key of a drive that was left as it is. */
const NOTHING_DONE: Reason = {
  code: 'no-drive-sanitized',
  fr: 'Aucun disque n’a été effacé dans cette session : la puce TPM peut garder la clé d’un disque resté intact. Rien ne lui est demandé.',
  en: 'No drive was sanitized in this session: the TPM may hold the key of a drive that was left as it is. Nothing is asked of it.',
};
