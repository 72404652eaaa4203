import { describe, expect, it } from 'vitest';
import { newStreamKey } from '../key-stream.ts';
import { defaultLimits } from '../../decide/give-up.ts';
import { OverwriteJob, Order, Report, USUAL } from './job.ts';
import { beginPass } from './write-pass.ts';

const MIB = 1024 * 1024;
const keyed = () => ({ kind: 'keyed', algorithm: 'aes-256-ctr', keyHex: newStreamKey() }) as const;
const pattern = keyed();
const job: OverwriteJob = {
  ...{ sizeBytes: 64 * MIB, logicalSectorBytes: 512, ...USUAL, passes: [{ kind: 'zero' }, pattern] },
  readBack: { extent: { kind: 'full' }, expected: pattern },
  resume: { pass: 1, offset: 8 * MIB, passes: [beginPass({ kind: 'zero' }), beginPass(pattern)] },
  limits: defaultLimits(64 * MIB),
};
const accepts = (changes: object): boolean => OverwriteJob.safeParse({ ...job, ...changes }).success;

describe('a job', () => {
  it('takes the usual requests, and goes on from a checkpoint of its own passes', () => {
    expect(accepts({})).toBe(true);
    expect(accepts({ resume: null })).toBe(true);
    expect(accepts({ readBack: null })).toBe(true);
  });

  it('does not go on with another key or other passes: no read-back could match both halves', () => {
    const { resume } = job;
    expect(
      accepts({ resume: { ...resume, passes: [beginPass({ kind: 'zero' }), beginPass(keyed())] } }),
    ).toBe(false);
    expect(accepts({ resume: { ...resume, passes: [beginPass(pattern)] } })).toBe(false);
    expect(accepts({ resume: { ...resume, pass: 0 } })).toBe(false);
    expect(accepts({ passes: [pattern, { kind: 'zero' }] })).toBe(false);
  });

  it('is bounded: memory, sectors and sizes that cannot be are refused', () => {
    expect(accepts({ sizeBytes: 64 * MIB + 1 })).toBe(false);
    expect(accepts({ sizeBytes: -512 })).toBe(false);
    expect(accepts({ chunkBytes: 8 * MIB })).toBe(false);
    expect(accepts({ chunkBytes: 100_000 })).toBe(false);
    expect(accepts({ lanes: 5 })).toBe(false);
    expect(accepts({ logicalSectorBytes: 1 })).toBe(false);
    expect(accepts({ passes: Array.from({ length: 65 }, keyed), resume: null })).toBe(false);
    expect(accepts({ more: true })).toBe(false);
  });
});

describe('the messages', () => {
  it('are only those that are known', () => {
    expect(Order.safeParse({ tell: 'begin', parent: 4, job }).success).toBe(true);
    expect(Order.safeParse({ tell: 'begin', job }).success).toBe(false);
    expect(Order.safeParse({ tell: 'pause', until: 5 }).success).toBe(false);
    expect(Report.safeParse({ say: 'ready' }).success).toBe(true);
    expect(Report.safeParse({ say: 'done' }).success).toBe(false);
  });
});
