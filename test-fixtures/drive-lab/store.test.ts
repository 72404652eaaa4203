import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStore, type Residue, StoreError } from './store.ts';

const MB = 1_000_000;
const small = () => makeStore({ seed: 'a', areas: { addressable: 64 * 1024, spare: 4096, remapped: 1024 } });

describe('the medium of a lab drive', () => {
  it('is full of its owner’s data at first, in every area', () => {
    const store = small();
    expect(store.size).toBe(64 * 1024 + 4096 + 1024);
    expect(store.ownerLeft()).toEqual({ bytes: store.size, first: 0 });
    expect(store.ownerLeft('remapped')).toEqual({ bytes: 1024, first: 64 * 1024 + 4096 });
  });

  it('has data that nothing compresses and no two sectors share', () => {
    const store = makeStore({ seed: 'b', areas: { addressable: 2e12 } });
    const bytes = store.read({ start: 1e12, end: 1e12 + 4096 * 512 });
    expect(deflateSync(bytes).length).toBeGreaterThan(bytes.length);
    const sectors = Array.from({ length: 4096 }, (_, at) =>
      bytes.toString('latin1', at * 512, at * 512 + 512),
    );
    expect(new Set(sectors).size).toBe(4096);
  });

  it('gives the same bytes at any offset and in pieces of any size', () => {
    const store = small();
    const whole = store.read({ start: 0, end: 8192 });
    fc.assert(
      fc.property(fc.nat(8191), fc.nat(700), (start, length) => {
        const end = Math.min(8192, start + length);
        return store.read({ start, end }).equals(whole.subarray(start, end));
      }),
    );
    expect(
      whole.equals(makeStore({ seed: 'c', areas: { addressable: 8192 } }).read({ start: 0, end: 8192 })),
    ).toBe(false);
  });

  it('erases 2 TB at once, and tells what was left out', () => {
    const store = makeStore({ seed: 'd', areas: { addressable: 2e12 - (2e12 % 512), spare: 512 } });
    store.erase({ start: 0, end: 1e12 }, { kind: 'zeros' });
    expect(store.ownerLeft('addressable').first).toBe(1e12);
    store.erase(store.areas['addressable']!, { kind: 'random', key: 'new' });
    expect(store.ownerLeft()).toEqual({ bytes: 512, first: store.areas['spare']!.start });
    expect(store.cost()).toEqual({ runs: 2, bytes: 0 });
  });

  it('repeats a pattern from the start of the erased range', () => {
    const store = small();
    store.erase({ start: 512, end: 4096 }, { kind: 'pattern', bytes: Buffer.from('abc') });
    expect(store.read({ start: 512, end: 519 }).toString()).toBe('abcabca');
    expect(store.read({ start: 513, end: 517 }).toString()).toBe('bcab');
  });

  it('knows the owner’s data when a host wrote it back', () => {
    const store = small();
    const owned = store.ownerData({ start: 1024, end: 1536 });
    store.erase(store.areas['addressable']!, { kind: 'zeros' });
    store.write(1024, Buffer.concat([owned.subarray(0, 496), Buffer.alloc(16, 7)]));
    expect(store.ownerLeft('addressable')).toEqual({ bytes: 496, first: 1024 });
  });

  it('keeps a snapshot apart', () => {
    const store = small();
    const before = store.snapshot();
    store.erase({ start: 0, end: store.size }, { kind: 'ones' });
    expect(before.ownerLeft().bytes).toBe(store.size);
    expect(store.ownerLeft()).toEqual({ bytes: 0, first: null });
  });

  it('keeps uniform writing as runs, and refuses more than it may keep', () => {
    const store = makeStore({ seed: 'e', areas: { addressable: 512 * 2000 }, keepAtMost: 2 * MB });
    store.write(0, Buffer.alloc(512 * 1000));
    store.write(512 * 1000, Buffer.alloc(512 * 1000));
    expect(store.cost()).toEqual({ runs: 1, bytes: 0 });
    const noise = store.ownerData({ start: 0, end: MB });
    for (let time = 0; time < 5; time += 1) store.write(0, noise);
    store.write(512, noise);
    expect(() => store.write(1024, noise)).toThrow(StoreError);
    expect(() => store.write(1024, noise)).toThrow(expect.objectContaining({ code: 'too-much-written' }));
    expect(() => store.read({ start: 0, end: 512 * 2001 })).toThrow(
      expect.objectContaining({ code: 'bad-range' }),
    );
  });
});

describe('any sequence of writing and erasing', () => {
  type Step = { start: number; length: number; act: Residue | { kind: 'write'; seed: number } };
  const act = fc.oneof(
    fc.constant<Residue>({ kind: 'zeros' }),
    fc.constant<Residue>({ kind: 'ones' }),
    fc.constant<Residue>({ kind: 'pattern', bytes: Buffer.of(1, 2, 3) }),
    fc.nat(3).map((seed) => ({ kind: 'write' as const, seed })),
  );
  const step: fc.Arbitrary<Step> = fc.record({ start: fc.nat(4000), length: fc.nat(2000), act });

  it('reads like a plain array of bytes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const store = makeStore({ seed: 'f', areas: { addressable: 4096 } });
        const plain = Buffer.from(store.read({ start: 0, end: 4096 }));
        const owned = Buffer.from(plain);
        for (const { start, length, act: what } of steps) {
          const end = Math.min(4096, start + length);
          if (what.kind === 'write') {
            const bytes = Buffer.from(Array.from({ length: end - start }, (_, at) => at * 7 + what.seed));
            store.write(start, bytes);
            bytes.copy(plain, start);
          } else {
            store.erase({ start, end }, what);
            if (end > start) plain.fill(unitOf(what), start, end);
          }
        }
        expect(store.read({ start: 0, end: 4096 }).equals(plain)).toBe(true);
        let alike = 0;
        for (let at = 0; at < 4096; at += 1) alike += plain[at] === owned[at] ? 1 : 0;
        expect(store.ownerLeft().bytes).toBeLessThanOrEqual(alike);
      }),
    );
  });

  function unitOf(residue: Residue): Uint8Array {
    if (residue.kind === 'pattern') return residue.bytes;
    return Buffer.of(residue.kind === 'ones' ? 0xff : 0);
  }
});
