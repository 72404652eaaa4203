import { describe, expect, it } from 'vitest';
import { memoryUse } from './meminfo.ts';

describe('memory in use', () => {
  it('is what is not available', () => {
    expect(memoryUse('MemTotal:        2034000 kB\nMemFree:  100 kB\nMemAvailable:    1714000 kB\n')).toBe(
      '313/1986',
    );
  });

  it.each(['', 'MemTotal: 5 kB\n', 'MemTotal: many kB\nMemAvailable: 1 kB\n'])(
    'is not guessed from %j',
    (text) => {
      expect(memoryUse(text)).toBe('?');
    },
  );
});
