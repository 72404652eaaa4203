// Sanitize and Format are two ways to ask for an erase; here is what an NVMe drive makes of either, honest or not.
import { type Accident, accidentsOf, type EraseOrder, startErase } from '../erase.ts';
import type { Range } from '../store.ts';
import { common, firstBytes, totalBytes } from './ranges.ts';
import {
  ADDRESSABLE,
  attachedOf,
  type Erasing,
  misbehaves,
  type NvmeState,
  SECTOR,
  unallocatedOf,
} from './state.ts';

export type EraseRequest = Pick<EraseOrder, 'residue' | 'atOnce'> & {
  kind: Erasing['kind'];
  namespaces: readonly number[];
  /** All that an honest drive would erase for this command. */
  ranges: readonly Range[];
  seconds: number;
  /** `failed`: the drive noticed, and says so. */
  ended: (how: 'done' | 'failed') => void;
};

export function beginErase(state: NvmeState, request: EraseRequest, from = 0): void {
  const { kind, namespaces, ranges, seconds, ended, ...manner } = request;
  const addressable = state.medium.store.areas[ADDRESSABLE]!;
  const order: EraseOrder = {
    ...manner,
    ranges: reached(state, ranges),
    durationMs: Math.max(1, seconds * 1000),
    // Which of the addressable area a host can see is no matter of one border here: `reached` has cut it.
    visibleEnd: Infinity,
    within: common(ranges, [addressable]),
  };
  const erase = startErase(
    order,
    {
      ...{ clock: state.clock, medium: state.medium, misbehaviours: state.model.misbehaviours },
      had: state.accidents,
      accident: (which) => happens(state, which),
      ended(how) {
        state.erasing = null;
        if (how === 'done') afterwards(state);
        ended(how);
      },
    },
    from,
  );
  state.erasing = { kind, namespaces, erase, resume: (done) => beginErase(state, request, done) };
}

/** What happens to an erase may happen to a host's overwriting as well, when it comes so far. @param end bytes */
export function accidentsOfWriting(state: NvmeState, end: number): void {
  const size = state.medium.store.areas[ADDRESSABLE]!.end;
  const due = accidentsOf(state.model.misbehaviours).find(
    ({ kind, percent }) => end >= size * (percent / 100) && !state.accidents.has(kind),
  );
  if (!due) return;
  state.accidents.add(due.kind);
  happens(state, due.kind);
}

function happens({ outside }: NvmeState, accident: Accident): void {
  switch (accident) {
    case 'power-lost':
      return outside.powerLost();
    case 'removed':
      return outside.removed();
    case 'disconnected':
      return outside.disconnected();
    case 'hung':
      return outside.hung();
  }
}

/** Of all that it was asked to erase, what a drive like this tries to. */
function reached(state: NvmeState, asked: readonly Range[]): Range[] {
  const visible = attachedOf(state).map(({ range }) => range);
  if (misbehaves(state, 'erased-half')) {
    const ranges = common(asked, visible);
    return firstBytes(ranges, Math.floor(totalBytes(ranges) / 2 / SECTOR) * SECTOR);
  }
  if (misbehaves(state, 'erased-one-namespace')) return common(asked, visible.slice(0, 1));
  if (misbehaves(state, 'hpa-left')) return common(asked, visible);
  return [...asked];
}

/** The drive has said that it is done: what it says of itself changes. */
function afterwards(state: NvmeState): void {
  state.erased += 1;
  const serial = misbehaves(state, 'serial-changed-after');
  if (serial) state.serial = serial.serial ?? `${state.model.serial.slice(0, 12)}-CHANGED`;
  const [first] = attachedOf(state);
  if (!first) return;
  const { start, end } = first.range;
  const capacity = misbehaves(state, 'capacity-changed-after');
  if (capacity) {
    const room = unallocatedOf(state).find((free) => free.start === end)?.end ?? end;
    const size = Math.floor(Math.min(capacity.bytes ?? (end - start) / 2, room - start) / 4096) * 4096;
    first.range = { start, end: start + size };
  }
  if (misbehaves(state, 'lba-format-changed-after'))
    first.format = (first.format + 1) % state.model.lbaFormats.length;
}
