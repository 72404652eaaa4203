// What an erase really does to the medium, honest or not; Sanitize and Format are two ways to ask for it.
import type { Range, Residue, Store } from '../store.ts';
import { firstBytes, totalBytes } from './flash.ts';
import {
  ADDRESSABLE,
  attachedOf,
  type Erase,
  misbehaves,
  type NvmeState,
  SECTOR,
  unallocatedOf,
} from './state.ts';
import { startWork } from './work.ts';

export type EraseRequest = {
  kind: Erase['kind'];
  namespaces: readonly number[];
  /** All that an honest drive would erase for this command. */
  ranges: readonly Range[];
  residue: Residue;
  /** Afterwards reads give zeros, or what the cells hold. */
  reads: 'zeros' | 'medium';
  seconds: number;
  /** `failed`: the drive noticed, and says so. */
  ended: (how: 'done' | 'failed') => void;
};

export function startErase(state: NvmeState, request: EraseRequest): void {
  const ranges = reallyErased(state, request.ranges);
  const before = state.flash.store.snapshot();
  const end = (how: 'done' | 'failed'): void => {
    settle(how === 'done' ? 1 : erase.work.fraction());
    erase.work.cancel();
    state.erase = null;
    if (how === 'done') afterwards(state, request, before);
    request.ended(how);
  };
  const settle = (fraction: number): void => {
    const count = Math.floor((totalBytes(ranges) * fraction) / SECTOR) * SECTOR;
    for (const range of firstBytes(ranges, count)) {
      state.flash.erase(range, request.residue);
      if (request.reads === 'zeros') state.flash.unmap(range);
      else state.flash.map(range);
    }
  };
  const stuck = misbehaves(state, 'stuck-at');
  const work = startWork({
    clock: state.clock,
    milliseconds: request.seconds * 1000,
    ...(stuck ? { stuckAt: stuck.percent / 100 } : {}),
    marks: marksOf(state, end),
    done: () => end('done'),
  });
  const erase: Erase = {
    ...{ kind: request.kind, namespaces: request.namespaces, work },
    settle: () => settle(work.fraction()),
  };
  state.erase = erase;
}

/** What happens on the way: each of them once in a drive's life, or it would never end. */
function marksOf(state: NvmeState, end: (how: 'failed') => void): { at: number; happens: () => void }[] {
  const { outside } = state;
  const marks = [
    { of: misbehaves(state, 'power-lost-at'), happens: () => outside.powerLost() },
    { of: misbehaves(state, 'removed-in-the-middle'), happens: () => outside.removed() },
    { of: misbehaves(state, 'disconnected-and-replayed'), happens: () => outside.disconnected() },
  ];
  const ahead = marks.flatMap(({ of, happens }) => {
    if (!of || state.spent.has(of.kind)) return [];
    const once = (): void => {
      state.spent.add(of.kind);
      happens();
    };
    return [{ at: of.percent / 100, happens: once }];
  });
  if (misbehaves(state, 'sanitize-failed-state')) ahead.push({ at: 0.5, happens: () => end('failed') });
  return ahead;
}

/** Of all that it was asked to erase, what a drive like this erases. */
function reallyErased(state: NvmeState, asked: readonly Range[]): readonly Range[] {
  if (misbehaves(state, 'lies-done-erased-nothing') || misbehaves(state, 'zeros-without-erasing')) return [];
  const visible = attachedOf(state).map(({ range }) => range);
  if (misbehaves(state, 'erased-half')) {
    const visibleAsked = asked.flatMap((range) => commonWith(range, visible));
    return firstBytes(visibleAsked, Math.floor(totalBytes(visibleAsked) / 2 / SECTOR) * SECTOR);
  }
  if (misbehaves(state, 'erased-one-namespace'))
    return asked.flatMap((range) => commonWith(range, visible.slice(0, 1)));
  if (misbehaves(state, 'hpa-left')) return asked.flatMap((range) => commonWith(range, visible));
  return asked;
}

function commonWith(range: Range, others: readonly Range[]): Range[] {
  return others
    .map(({ start, end }) => ({ start: Math.max(start, range.start), end: Math.min(end, range.end) }))
    .filter(({ start, end }) => end > start);
}

const CACHE = 2 ** 20;

/** The drive has said that it is done: what changes now. */
function afterwards(state: NvmeState, request: EraseRequest, before: Store): void {
  state.erased += 1;
  const addressable = state.flash.store.areas[ADDRESSABLE]!;
  const asked = request.ranges.flatMap((range) => commonWith(range, [addressable]));
  if (misbehaves(state, 'zeros-without-erasing')) for (const range of asked) state.flash.unmap(range);
  if (misbehaves(state, 'stale-cache'))
    for (const range of firstBytes(asked, CACHE)) state.flash.answerFrom(range, before);
  const serial = misbehaves(state, 'serial-changed-after');
  if (serial) state.serial = serial.serial ?? `${state.model.serial.slice(0, 12)}-CHANGED`;
  changeFirstNamespace(state);
}

function changeFirstNamespace(state: NvmeState): void {
  const [first] = attachedOf(state);
  if (!first) return;
  const { start, end } = first.range;
  const capacity = misbehaves(state, 'capacity-changed-after');
  if (capacity) {
    const wanted = capacity.bytes ?? (end - start) / 2;
    const room = unallocatedOf(state).find((free) => free.start === end)?.end ?? end;
    const size = Math.floor(Math.min(wanted, room - start) / 4096) * 4096;
    first.range = { start, end: start + size };
  }
  if (misbehaves(state, 'lba-format-changed-after'))
    first.format = (first.format + 1) % state.model.lbaFormats.length;
}
