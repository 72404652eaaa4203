import { createHash } from 'node:crypto';
import type { PlanStep, Sampling } from '@rebond/protocol';
import { type Place, placesOf } from '../../decide/places.ts';
import type { BlockReader } from '../../effects/block.ts';
import { isBlank, readPiece } from './read-places.ts';
import type { RunStep, SeenOf } from './step.ts';

type Remembered = Place & { digest: string; blank: boolean };
/** `nsid` is null for the target itself. */
type Memory = { nsid: number | null; unreadable: number; places: Remembered[] };
type Others = NonNullable<Extract<PlanStep, { kind: 'remember' }>['others']>;

/**
 * The two halves of a comparison, bound to one memory: what places held before, looked at again after. Other namespaces
 * that the technique goes to are opened for each half; where one is in use, this ends the plan before it alters anything.
 */
export function comparison(
  openNamespace: (controller: string, nsid: number) => Promise<BlockReader>,
  controller: string | null,
): { remember: RunStep<'remember'>; compare: RunStep<'compare'> } {
  let memories: Memory[] = [];
  const look = async <T>(nsid: number | null, own: BlockReader, act: (reader: BlockReader) => Promise<T>) => {
    if (nsid === null) return await act(own);
    if (controller === null) throw new Error('no controller has other namespaces');
    const reader = await openNamespace(controller, nsid);
    try {
      return await act(reader);
    } finally {
      await reader.close();
    }
  };
  return {
    remember: async ({ sampling, others = [] }, { plan, sizeBytes }, { writer, signal }) => {
      memories = [];
      for (const { nsid, sizeBytes: size } of [{ nsid: null, sizeBytes }, ...(others satisfies Others)]) {
        const places = placesOf(sampling, size, plan.target.logicalSectorBytes);
        memories.push(
          await look(nsid, writer, (reader) => remembered(nsid, places, sampling, reader, signal)),
        );
      }
      const unreadable = memories.reduce((sum, each) => sum + each.unreadable, 0);
      const read = memories.reduce((sum, each) => sum + each.places.length, 0);
      return { kind: 'remember', places: read + unreadable, unreadable };
    },
    compare: async (_step, _about, { writer, signal }) => {
      const seen: SeenOf<'compare'> = {
        ...{ kind: 'compare', places: 0, unreadable: 0, unchanged: 0, unchangedOffsets: [] },
        ...{ blankBefore: 0, direct: writer.direct },
      };
      for (const memory of memories)
        await look(memory.nsid, writer, (reader) => compared(memory, reader, signal, seen));
      return seen;
    },
  };
}

async function remembered(
  nsid: number | null,
  places: readonly Place[],
  { placeBytes }: Sampling,
  reader: BlockReader,
  signal: AbortSignal,
): Promise<Memory> {
  const memory: Memory = { nsid, unreadable: 0, places: [] };
  const [buffer] = reader.buffers(1, roundUp(placeBytes));
  for (const place of places) {
    if (signal.aborted || !buffer) break;
    const bytes = buffer.subarray(0, place.length);
    if (await readPiece(reader, bytes, place.offset))
      memory.places.push({ ...place, digest: digestOf(bytes), blank: isBlank(bytes) });
    else memory.unreadable += 1;
  }
  return memory;
}

async function compared(
  { nsid, places }: Memory,
  reader: BlockReader,
  signal: AbortSignal,
  seen: SeenOf<'compare'>,
): Promise<void> {
  const [buffer] = reader.buffers(1, roundUp(Math.max(0, ...places.map(({ length }) => length))));
  seen.direct &&= reader.direct;
  for (const { offset, length, digest, blank } of places) {
    if (signal.aborted || !buffer) return;
    seen.places += 1;
    const bytes = buffer.subarray(0, length);
    if (!(await readPiece(reader, bytes, offset))) seen.unreadable += 1;
    else if (blank) seen.blankBefore += 1;
    else if (digestOf(bytes) === digest) {
      seen.unchanged += 1;
      // Offsets are those of the target: one of another namespace would be read as one of them.
      if (nsid === null && seen.unchangedOffsets.length < 1000) seen.unchangedOffsets.push(offset);
    }
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Buffers come in multiples of 64 KiB. */
function roundUp(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 65_536)) * 65_536;
}
