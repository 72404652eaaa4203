import { describe, expect, it } from 'vitest';
import { numbersOf, serialOf } from './numbers.ts';

describe('the numbers of an image', () => {
  it('come from its serial alone', () => {
    expect(numbersOf(1_763_884_800)).toEqual(numbersOf(1_763_884_800));
    expect(numbersOf(1_763_884_800).fatId).not.toBe(numbersOf(1_763_884_801).fatId);
  });

  it('have the forms that the tools take', () => {
    const { fatId, gptGuid, isoDate } = numbersOf(1_763_884_800);
    expect(fatId).toMatch(/^[0-9A-F]{8}$/);
    expect(gptGuid).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(isoDate).toBe('2025112308000000');
  });

  it('the serial is newer than sources and packages', () => {
    expect(serialOf(100, [50, 200, 150])).toBe(200);
    expect(serialOf(300, [50, 200])).toBe(300);
  });
});
