import type { Evidence, Inventory, Leftovers, Mode, Reason } from '@rebond/protocol';
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

/** The work on the drives between the two. */
export async function withLeftovers<Done extends { sanitizations: Evidence[] }>(
  door: LeftoverDoor,
  inventory: Inventory,
  clock: ClockDoor,
  work: () => Promise<Done>,
): Promise<Done & Left> {
  await door.before(inventory);
  const done = await work();
  return { ...done, ...(await door.after(done.sanitizations, clock)) };
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
