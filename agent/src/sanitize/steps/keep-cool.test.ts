// The real engine in a process of its own, over a real file; how warm it is stands in another file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, type ObservationsV2, ObservationsV2 as Observations } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { overwritePlan } from '../../../../test-fixtures/overwrite-plan.ts';
import { scratch } from '../../../../test-fixtures/scratch.ts';
import { OVERWRITE_CHILD } from '../../commands/overwrite-child.ts';
import { COOLS_WITHIN_MS, heatLimits } from '../../decide/heat.ts';
import { openForOverwrite } from '../../effects/block.ts';
import { overwriteSpawner } from '../../effects/overwrite-process.ts';
import { walkSteps } from '../walk-steps.ts';
import { overwriteStep } from './overwrite.ts';
import { readBackStep } from './read-back.ts';
import { scanStep } from './scan.ts';
import type { Progress, StepProgress, Warmth } from './step.ts';

const MIB = 1024 * 1024;
const MAIN = join(import.meta.dirname, '../../main.ts');
const spawn = overwriteSpawner([process.execPath, MAIN, OVERWRITE_CHILD]);
const capabilities = { outcome: 'read' as const, sources: [], value: { interface: 'plain' as const } };
const identity = { transport: 'file', model: 'rehearsal', serial: 'REHEARSAL-1', wwid: null } as const;

type Told = { phase: Progress['phase']; doneBytes: number; warmth: Warmth | undefined };

/** One plan on a file; `look` sees all progress and may change how warm the drive is. */
async function wipe(
  look: (told: Told, warm: (celsius: number | null) => void) => void,
  { sizeBytes = 256 * MIB, monotonic = () => performance.now(), first = 30, scans = false } = {},
) {
  using folder = scratch('heat');
  const path = join(folder.path, 'drive.img');
  const degrees = join(folder.path, 'temp1_input');
  writeFileSync(path, new Uint8Array(sizeBytes).fill(0xa5));
  const warm = (celsius: number | null): void => writeFileSync(degrees, String(celsius ?? ''));
  warm(first);
  const target = {
    path,
    identity,
    medium: 'rehearsal-file',
    sizeBytes,
    logicalSectorBytes: 512,
    diskseq: null,
  } as const;
  const [planId, sessionId] = [crypto.randomUUID(), crypto.randomUUID()];
  const made = overwritePlan({ planId, sessionId, mode: 'rehearsal', target, capabilities });
  const plan = scans ? { ...made, steps: [{ kind: 'scan' as const, expect: 'anything' as const }] } : made;
  const writer = await openForOverwrite(path, 'file');
  const progress = ({ progress: told }: StepProgress): void => {
    if ('doneBytes' in told)
      look({ phase: told.phase, doneBytes: told.doneBytes, warmth: told.warmth }, warm);
  };
  const read = (): Promise<number | null> => {
    const text = readFileSync(degrees, 'utf8');
    return Promise.resolve(text === '' ? null : Number(text));
  };
  const observations: ObservationsV2 = await walkSteps(plan, 'ab'.repeat(32), {
    ...{ writer, monotonic, progress, command: () => {}, signal: new AbortController().signal },
    thermometer: { limits: heatLimits('ata-ssd', { recommended: 70, critical: null }), everyMs: 20, read },
    identify: () => Promise.resolve({ identity, sizeBytes, diskseq: null }),
    runners: { overwrite: overwriteStep({ spawn }), 'read-back': readBackStep({ spawn }), scan: scanStep },
  });
  await writer.close();
  // What is new in it is what the words of the evidence know.
  expect(Observations.parse(observations)).toEqual(observations);
  return { observations, judgement: judge({ plan, observations, capabilities }) };
}

describe('a drive that becomes too warm', () => {
  it('is paused, told, goes on once it is cool, and is done; the evidence says what it cost', async () => {
    const paused: number[] = [];
    let [cooled, hot] = [false, false];
    const { observations, judgement } = await wipe(({ phase, doneBytes, warmth }, warm) => {
      if (phase !== 'write') return;
      if (!hot) warm(75);
      hot = true;
      if (warmth?.pausedUntil !== 60) return;
      paused.push(doneBytes);
      if (paused.length > 2 && !cooled) {
        cooled = true;
        warm(59);
      }
    });
    expect(judgement).toMatchObject({ outcome: 'done', reasons: [] });
    const [written] = observations.steps;
    expect(written).toMatchObject({ kind: 'overwrite', heat: { highest: 75, limit: 70, pauses: 1 } });
    expect(written?.kind === 'overwrite' && written.heat?.pausedMs).toBeGreaterThan(500);
    // What was under way came to its end; then nothing moved.
    expect(paused.at(-1)).toBe(paused.at(-2));
    expect(cooled).toBe(true);
  });

  it('is given up with a reason where it does not cool down, also when its sensor falls silent', async () => {
    for (const later of [75, null]) {
      let heated = false;
      let began = 0;
      const { observations, judgement } = await wipe(
        ({ warmth }, warm) => {
          if (!heated) warm(75);
          heated = true;
          if (warmth && warmth.pausedUntil !== null && began === 0) {
            warm(later);
            began = performance.now();
          }
        },
        // Half an hour passes as soon as it is paused.
        { monotonic: () => performance.now() + (began === 0 ? 0 : COOLS_WITHIN_MS) },
      );
      expect(observations.stopped?.code).toBe('too-hot');
      expect(judgement.outcome).toBe('unknown');
      expect(judgement.reasons[0]?.fr).toContain('ne refroidit pas');
      expect(observations.steps[0]).toMatchObject({ kind: 'overwrite', heat: { highest: 75, pauses: 1 } });
    }
  });

  it('is not read on either while it is paused', async () => {
    let [hot, cooled] = [false, false];
    const { observations } = await wipe(
      ({ doneBytes }, warm) => {
        if (!hot) {
          hot = true;
          warm(75);
          setTimeout(() => {
            cooled = true;
            warm(40);
          }, 400);
        }
        if (!cooled) expect(doneBytes).toBeLessThan(1024 * MIB);
      },
      { scans: true, sizeBytes: 1024 * MIB },
    );
    expect(observations.steps[0]).toMatchObject({
      kind: 'scan',
      bytes: 1024 * MIB,
      heat: { pauses: 1, highest: 75 },
    });
  });
});

it('a drive that never says how warm it is is wiped as ever, and the evidence says nothing of it', async () => {
  const { observations, judgement } = await wipe((_, warm) => warm(null), {
    first: null as unknown as number,
    sizeBytes: 8 * MIB,
  });
  expect(judgement.outcome).toBe('done');
  expect(observations.steps.every((step) => !('heat' in step))).toBe(true);
});
