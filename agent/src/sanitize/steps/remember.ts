import { createHash } from 'node:crypto';
import type { Sampling } from '@rebond/protocol';
import { type Place, placesOf } from '../../decide/places.ts';
import { isBlank, readPiece } from './read-places.ts';
import type { RunStep } from './step.ts';

type Remembered = Place & { digest: string; blank: boolean };

/** The two halves of a comparison, bound to one memory: what places held before, looked at again after. */
export function comparison(): { remember: RunStep<'remember'>; compare: RunStep<'compare'> } {
  let memory: Remembered[] = [];
  return {
    remember: async ({ sampling }, { plan, sizeBytes }, { writer, signal }) => {
      const places = placesOf(sampling, sizeBytes, plan.target.logicalSectorBytes);
      const [buffer] = writer.buffers(1, roundUp(sampling));
      memory = [];
      let unreadable = 0;
      for (const place of places) {
        if (signal.aborted || !buffer) break;
        const bytes = buffer.subarray(0, place.length);
        if (await readPiece(writer, bytes, place.offset))
          memory.push({ ...place, digest: digestOf(bytes), blank: isBlank(bytes) });
        else unreadable += 1;
      }
      return { kind: 'remember', places: memory.length + unreadable, unreadable };
    },
    compare: async (_step, _about, { writer, signal }) => {
      const longest = Math.max(65_536, ...memory.map(({ length }) => length));
      const [buffer] = writer.buffers(1, Math.ceil(longest / 65_536) * 65_536);
      const unchangedOffsets: number[] = [];
      let [places, unreadable, unchanged, blankBefore] = [0, 0, 0, 0];
      for (const { offset, length, digest, blank } of memory) {
        if (signal.aborted || !buffer) break;
        places += 1;
        const bytes = buffer.subarray(0, length);
        if (!(await readPiece(writer, bytes, offset))) unreadable += 1;
        else if (blank) blankBefore += 1;
        else if (digestOf(bytes) === digest) {
          unchanged += 1;
          if (unchangedOffsets.length < 1000) unchangedOffsets.push(offset);
        }
      }
      const { direct } = writer;
      return { kind: 'compare', places, unreadable, unchanged, unchangedOffsets, blankBefore, direct };
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** Buffers come in multiples of 64 KiB. */
function roundUp({ placeBytes }: Sampling): number {
  return Math.max(1, Math.ceil(placeBytes / 65_536)) * 65_536;
}
