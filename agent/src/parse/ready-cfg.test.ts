import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReadyCfg, readyCfg } from './ready-cfg.ts';

const IMAGE = 'ab'.repeat(32);

describe('ready.cfg', () => {
  it('is read back, but only for its own slot and only when whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.constantFrom('a', 'b'),
        fc.nat(140),
        (serial, slot, cut) => {
          const line = readyCfg(slot, serial, IMAGE);
          expect(line).toBe(`set serial_${slot}=${serial} ; set image_${slot}=${IMAGE}\n`);
          expect(parseReadyCfg(line, slot)).toBe(serial);
          expect(parseReadyCfg(line, slot === 'a' ? 'b' : 'a')).toBe(null);
          if (cut < line.length) expect(parseReadyCfg(line.slice(0, cut), slot)).toBe(null);
        },
      ),
    );
  });

  it('is nothing else', () => {
    const rest = (slot: string): string => ` ; set image_${slot}=${IMAGE}\n`;
    for (const text of [
      `set serial_a=0${rest('a')}`,
      `set serial_a=-1${rest('a')}`,
      `set serial_a=1${rest('b')}`,
      `set serial_a=1${rest('a')}reboot\n`,
      `set serial_c=1${rest('c')}`,
      'set serial_a=1\n',
      '',
    ])
      expect(parseReadyCfg(text, 'a')).toBe(null);
  });
});
