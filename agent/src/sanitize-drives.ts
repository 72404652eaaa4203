// The chosen drives of one machine, worked on at the same time.
import { clip, type Evidence, type Reason, type Refusal, type SanitizePlan, visible } from '@rebond/protocol';
import type { Journal } from './report/journal.ts';
import { reasonNotKept } from './report/not-kept.ts';
import { type Turns, turns } from './sanitize/turns.ts';
import { type Chosen, REASONS_MAX, type SessionEvent } from './session.ts';

export type Kept = {
  /** Null: no drive is touched. */
  journal: Journal | null;
  /** What stands against touching any drive in this session. */
  against: Reason[];
};

/** What became of the drives, in the order in which they were chosen. */
export type Worked = { refusals: Refusal[]; sanitizations: Evidence[]; remarks: Reason[] };

type Around = Kept & { of: number; turn: Turns; tell: (event: SessionEvent) => void };

/**
 * All were confirmed before this is called. They are worked on at the same time, but for those that share one device, and
 * but for a plan that puts the machine to sleep: it runs alone, before the others that have not begun. What happens to
 * one drive does not touch the others, and what was seen of one is never lost because another broke off.
 */
export async function sanitizeDrives(
  chosen: readonly Chosen[],
  kept: Kept,
  tell: (event: SessionEvent) => void,
): Promise<Worked> {
  if (chosen.length > 0) tell({ kind: 'step', step: 'sanitize' });
  const around: Around = { ...kept, of: chosen.length, turn: turns(), tell };
  const places = chosen.map((first, index) => ({ first, index }));
  const inOrder = places.toSorted((a, b) => Number(sleeps(b.first)) - Number(sleeps(a.first)));
  const lanes = Map.groupBy(inOrder, ({ first }) => first.device);
  const worked: Worked[] = [];
  await Promise.all(
    Array.from(lanes.values(), async (lane) => {
      for (const { first, index } of lane) worked[index] = await workOn(first, index, around);
    }),
  );
  return {
    refusals: worked.flatMap(({ refusals }) => refusals),
    sanitizations: worked.flatMap(({ sanitizations }) => sanitizations),
    remarks: worked.flatMap(({ remarks }) => remarks),
  };
}

/** A suspend stops everything that runs on the machine. */
function sleeps({ plan }: Chosen): boolean {
  return plan.schema === 'rebond.plan/2' && plan.steps.some(({ kind }) => kind === 'unfreeze');
}

/** Never rejects. */
async function workOn(first: Chosen, index: number, around: Around): Promise<Worked> {
  const made: Evidence[] = [];
  try {
    const refused = await attemptsOn(first, index, made, around);
    // After an attempt its evidence stands: a drive is refused only where nothing was done to it.
    if (refused === null || made.length > 0) return { refusals: [], sanitizations: made, remarks: [] };
    return { refusals: [lateRefusal(first.plan, refused, around)], sanitizations: [], remarks: [] };
  } catch (error) {
    const reason = brokeOff(first.plan, error);
    if (made.length > 0) return { refusals: [], sanitizations: made, remarks: [reason] };
    return { refusals: [lateRefusal(first.plan, [reason], around)], sanitizations: [], remarks: [] };
  }
}

/** One plan after the other on one drive, until one is done or none follows. @returns why one was not begun after all */
async function attemptsOn(
  first: Chosen,
  index: number,
  made: Evidence[],
  around: Around,
): Promise<Reason[] | null> {
  const { turn } = around;
  for (let each: Chosen | null = first; each !== null;) {
    const now: Chosen = each;
    const attempt = () => attemptOf(now, index, around);
    const done: Evidence | Reason[] = await (sleeps(now) ? turn.alone(attempt) : turn.together(attempt));
    if (Array.isArray(done)) return done;
    made.push(done);
    // It may ask the operator, and nobody waits for that but this drive.
    each = await now.next(done);
  }
  return null;
}

/** @returns the evidence, or why it was not begun after all */
async function attemptOf(chosen: Chosen, index: number, around: Around): Promise<Evidence | Reason[]> {
  const { journal, of, tell } = around;
  const against: Reason[] = [...around.against, ...(await chosen.against())];
  if (journal === null || against.length > 0) return against;
  const { plan } = chosen;
  tell({ kind: 'begun', plan, index, of });
  try {
    const evidence = await chosen.run(keepingEvidence(journal));
    tell({ kind: 'judged', evidence });
    return evidence;
  } catch (error) {
    // The plan could not be kept, and so nothing was opened.
    return [reasonNotKept(error)];
  } finally {
    tell({ kind: 'ended', plan });
  }
}

/** What was seen of a wipe goes into the record even where the journal takes no more; a plan that is not kept stops it. */
function keepingEvidence(journal: Journal): Journal {
  return {
    note: async (event) => {
      const noted = journal.note(event);
      await (event.event === 'judged' ? noted.catch(reasonNotKept) : noted);
    },
    digest: () => journal.digest(),
    close: () => journal.close(),
  };
}

function lateRefusal({ target }: SanitizePlan, reasons: Reason[], { tell }: Around): Refusal {
  const { path, identity, sizeBytes } = target;
  const refusal = { path, identity, sizeBytes, reasons: reasons.slice(0, REASONS_MAX) };
  tell({ kind: 'refused', refusals: [refusal] });
  return refusal;
}

function brokeOff({ target }: SanitizePlan, error: unknown): Reason {
  const why = clip((error as NodeJS.ErrnoException).code ?? (error as Error).message, 200);
  const name = visible(target.path, 60);
  return {
    code: 'work-broke-off',
    fr: `Le travail sur ${name} s’est interrompu (${why}). Ce qui en est déjà écrit dans cette fiche reste vrai ; rien de plus n’a été commencé. Recommencez ce disque.`,
    en: `The work on ${name} broke off (${why}). What this record says of it already stays true; nothing more was begun. Begin this drive again.`,
  };
}
