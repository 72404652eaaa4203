// What a drive is at a moment. Power cycles and resets leave it; the files beside this one change it.
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Accident, Erase } from '../erase.ts';
import { makeMedium, type Medium } from '../medium.ts';
import { misbehaviourOf, type MisbehaviourKind } from '../misbehaviour.ts';
import { makeStore, type Range } from '../store.ts';
import type { LbaFormat, NvmeModel } from './describe.ts';

export type Namespace = {
  id: number;
  /** Where it lies on the medium. */
  range: Range;
  format: number;
  /** Metadata comes with each block (FLBAS bit 4). */
  extended: boolean;
  attached: boolean;
  eui64: Buffer;
};

/** An erase that goes on; `resume` takes it up after a power loss, from how far it was. */
export type Erasing = {
  kind: 'sanitize' | 'format';
  namespaces: readonly number[];
  erase: Erase;
  resume: (from: number) => void;
};

type SanitizeStatus = {
  last: 'never' | 'succeeded' | 'running' | 'failed' | 'succeeded-deallocated';
  /** Command dword 10 of the last Sanitize. */
  command: number;
  /** It was started with AUSE: a failure can be left without a success. */
  unrestricted: boolean;
  /** Nothing was written since. */
  globallyErased: boolean;
};

/** `began` and `milliseconds` are of the drive’s clock. */
type SelfTest = { kind: 'short' | 'long'; began: number; milliseconds: number; cancel: () => void };
export type SelfTestResult = { kind: 'short' | 'long'; result: number; hours: number };

type FailedCommand = { queue: number; cid: number; status: number; nsid: number; lba: bigint };

type Counters = {
  read: number;
  written: number;
  reads: number;
  writes: number;
  powerCycles: number;
  unsafeShutdowns: number;
  mediaErrors: number;
};

/** What happens to the drive from outside, and reaches its host by other ways than an answer. */
export type Outside = {
  powerLost(): void;
  removed(): void;
  disconnected(): void;
  hung(): void;
  /** Dword 0 of an asynchronous event. */
  event(dword: number): void;
};

export type NvmeState = {
  model: NvmeModel;
  clock: Clock;
  outside: Outside;
  medium: Medium;
  serial: string;
  frozen: boolean;
  namespaces: Map<number, Namespace>;
  erasing: Erasing | null;
  /** How often an erase came to its end: some faults begin then. */
  erased: number;
  sanitize: SanitizeStatus;
  /** Sanitize without deallocation is answered by a warning instead of an error (NODRM). */
  warnsOfDeallocation: boolean;
  selfTest: SelfTest | null;
  selfTests: SelfTestResult[];
  counters: Counters;
  failedCommands: FailedCommand[];
  errorCount: number;
  /** Those that it has had: each happens once. */
  accidents: Set<Accident>;
};

/** The medium’s own unit, and that of the lists of bad sectors. */
export const SECTOR = 512;
export const ADDRESSABLE = 'addressable';
export const SPARE = 'spare';

/** @param identity what makes the drive's EUI-64s and its owner's data its own, whatever its serial says */
export function makeState(model: NvmeModel, identity: string, clock: Clock, outside: Outside): NvmeState {
  const areas = { [ADDRESSABLE]: model.sizeBytes, [SPARE]: model.overProvisionedBytes };
  const state: NvmeState = {
    ...{
      model,
      clock,
      outside,
      serial: model.serial,
      erasing: null,
      erased: 0,
      selfTest: null,
      selfTests: [],
    },
    medium: makeMedium(
      makeStore({ seed: identity, areas, keepAtMost: model.keepAtMost }),
      SECTOR,
      model.misbehaviours,
    ),
    frozen: misbehaviourOf(model.misbehaviours, 'frozen') !== null,
    namespaces: new Map(),
    sanitize: { last: 'never', command: 0, unrestricted: false, globallyErased: false },
    warnsOfDeallocation: false,
    counters: {
      ...{ read: 0, written: 0, reads: 0, writes: 0 },
      ...{ powerCycles: 1, unsafeShutdowns: 0, mediaErrors: 0 },
    },
    ...{ failedCommands: [], errorCount: 0, accidents: new Set() },
  };
  let at = 0;
  for (const [index, { sizeBytes, format, attached }] of model.namespaces.entries()) {
    const id = index + 1;
    const range = { start: at, end: at + sizeBytes };
    state.namespaces.set(id, { id, range, format, extended: false, attached, eui64: eui64Of(identity, id) });
    at += sizeBytes;
  }
  return state;
}

export function eui64Of(identity: string, namespace: number): Buffer {
  return createHash('sha256').update(`eui ${identity} ${namespace}`).digest().subarray(0, 8);
}

export function formatOf(state: NvmeState, namespace: Namespace): LbaFormat {
  return state.model.lbaFormats[namespace.format]!;
}

export function blocksOf(state: NvmeState, namespace: Namespace): number {
  return Math.floor((namespace.range.end - namespace.range.start) / formatOf(state, namespace).data);
}

export function attachedOf(state: NvmeState): Namespace[] {
  return [...state.namespaces.values()].filter(({ attached }) => attached).sort((a, b) => a.id - b.id);
}

/** What no namespace has, in runs. */
export function unallocatedOf(state: NvmeState): Range[] {
  const found: Range[] = [];
  let at = 0;
  for (const { range } of [...state.namespaces.values()].sort((a, b) => a.range.start - b.range.start)) {
    if (range.start > at) found.push({ start: at, end: range.start });
    at = Math.max(at, range.end);
  }
  if (at < state.model.sizeBytes) found.push({ start: at, end: state.model.sizeBytes });
  return found;
}

/** Reads give zeros from now on, and the cells keep what they hold. */
export function unmap({ medium }: NvmeState, { start, end }: Range): void {
  medium.unmap(start / SECTOR, (end - start) / SECTOR);
}

export function misbehaves<K extends MisbehaviourKind>(
  state: NvmeState,
  kind: K,
): ReturnType<typeof misbehaviourOf<K>> {
  return misbehaviourOf(state.model.misbehaviours, kind);
}
