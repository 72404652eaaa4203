import { describe, expect, it } from 'vitest';
import { doses, isUnit } from './dose.ts';

describe('doses', () => {
  it.each([
    [10, 5, 2],
    [11, 5, 2],
    [0, 5, 0],
  ])('of %i by %i', (amount, size, count) => {
    expect(doses(amount, size).count).toBe(count);
  });

  it('knows its units', () => {
    expect(['mg', 'ml', 'kg', ''].map(isUnit)).toEqual([true, true, false, false]);
  });
});
