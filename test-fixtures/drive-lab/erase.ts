// One erase that a drive carries out: how far it is, what of the medium it has reached, and how it ends.
import type { Clock } from './clock.ts';
import type { Medium } from './medium.ts';
import { type Misbehaviour, misbehaviourOf } from './misbehaviour.ts';
import type { Range, Residue } from './store.ts';

export type EraseOrder = {
  /** What an honest firmware would erase, in this order. */
  ranges: readonly Range[];
  residue: Residue;
  /** A change of key takes all data at its first moment; anything else goes from the first sector to the last. */
  atOnce?: boolean;
  durationMs: number;
  /** Where the area ends that a host can address now: beyond it lies what `hpa-left` leaves. */
  visibleEnd: number;
  /** The addressable ranges that it is about, where it is not all of them: a namespace's. */
  within?: readonly Range[];
};

/** What happens to the drive as a whole; each happens once in a drive's life. */
export type Accident = 'power-lost' | 'removed' | 'disconnected' | 'hung';

export type Erase = {
  /** From 0 to 1. */
  progress(): number;
  state(): 'running' | 'done' | 'failed' | 'stopped';
  /** Power is gone: it stays as it is. */
  stop(): void;
};

export type EraseDoors = {
  clock: Clock;
  medium: Medium;
  misbehaviours: readonly Misbehaviour[];
  /** Accidents that the drive has had already. */
  had: Set<Accident>;
  accident: (which: Accident) => void;
  /** Called once when it is done or has failed, not when it is stopped. */
  ended(how: 'done' | 'failed'): void;
};

const DAY = 86_400_000;
const ENDLESS_DAYS = 90;

/** @param from how much was done already, when a drive takes a sanitize up again after a power loss */
export function startErase(order: EraseOrder, doors: EraseDoors, from = 0): Erase {
  const { clock, medium, misbehaviours } = doors;
  const reached = reachedRanges(order, medium, misbehaviours);
  const before = medium.store.snapshot();
  const duration = misbehaviourOf(misbehaviours, 'endless-estimate') ? ENDLESS_DAYS * DAY : order.durationMs;
  const began = clock.now() - from * duration;
  const stuck = (misbehaviourOf(misbehaviours, 'stuck-at')?.percent ?? 200) / 100;
  let state: ReturnType<Erase['state']> = 'running';
  let frozenAt: number | null = null;

  const progress = (): number => frozenAt ?? Math.min(1, stuck, (clock.now() - began) / duration);
  const reach = (fraction: number): void =>
    eraseUpTo(medium, reached, order.residue, order.atOnce ? 1 : fraction);
  const finish = (how: 'done' | 'failed'): void => {
    if (state !== 'running') return;
    reach(how === 'done' ? 1 : FAILS_AT);
    frozenAt = how === 'done' ? 1 : FAILS_AT;
    state = how;
    if (how === 'done') medium.erased(before, order.within);
    doors.ended(how);
  };
  const at = (fraction: number, act: () => void): void => {
    const due = Math.max(0, (fraction - from) * duration);
    cancels.push(clock.after(due, () => state === 'running' && act()));
  };
  const cancels: (() => void)[] = [];

  for (const { kind, percent } of accidentsOf(misbehaviours))
    if (!doors.had.has(kind) && percent / 100 >= from)
      at(percent / 100, () => {
        reach(progress());
        doors.had.add(kind);
        doors.accident(kind);
      });
  if (misbehaviourOf(misbehaviours, 'sanitize-failed-state')) at(FAILS_AT, () => finish('failed'));
  else if (stuck < 1) at(stuck, () => reach(stuck));
  else at(1, () => finish('done'));

  return {
    progress() {
      if (state === 'running') reach(progress());
      return progress();
    },
    state: () => state,
    stop() {
      if (state !== 'running') return;
      reach(progress());
      frozenAt = progress();
      state = 'stopped';
      for (const cancel of cancels) cancel();
    },
  };
}

/** Where a firmware that fails gives up. */
const FAILS_AT = 0.5;

const ACCIDENTS: Partial<Record<Misbehaviour['kind'], Accident>> = {
  'power-lost-at': 'power-lost',
  'removed-in-the-middle': 'removed',
  'disconnected-and-replayed': 'disconnected',
  'hangs-at': 'hung',
};

export function accidentsOf(misbehaviours: readonly Misbehaviour[]): { kind: Accident; percent: number }[] {
  return misbehaviours.flatMap((each) => {
    const kind = ACCIDENTS[each.kind];
    return kind && 'percent' in each ? [{ kind, percent: each.percent }] : [];
  });
}

/** What this firmware erases of what it should. */
function reachedRanges(
  { ranges, visibleEnd }: EraseOrder,
  medium: Medium,
  misbehaviours: readonly Misbehaviour[],
): Range[] {
  const has = (kind: Misbehaviour['kind']): boolean => misbehaviours.some((each) => each.kind === kind);
  if (has('lies-done-erased-nothing') || has('zeros-without-erasing')) return [];
  const sector = medium.sectorBytes;
  const half = Math.floor(visibleEnd / 2 / sector) * sector;
  const end = has('erased-half') ? half : has('hpa-left') ? visibleEnd : Infinity;
  return ranges
    .map((range) => ({ start: range.start, end: Math.min(range.end, end) }))
    .filter((range) => range.end > range.start)
    .flatMap((range) => medium.reachable(range));
}

function eraseUpTo(medium: Medium, ranges: readonly Range[], residue: Residue, fraction: number): void {
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  let left = fraction >= 1 ? total : Math.floor((total * fraction) / medium.sectorBytes) * medium.sectorBytes;
  for (const { start, end } of ranges) {
    if (left <= 0) return;
    const stop = Math.min(end, start + left);
    medium.store.erase({ start, end: stop }, residue);
    left -= stop - start;
  }
}
