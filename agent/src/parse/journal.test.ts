import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalEvent, journalLine, soundLines } from './journal.ts';

const digest = 'ab'.repeat(32);
const event = (n: number): JournalEvent => ({
  event: 'recorded',
  digest: digest.slice(2) + String(n % 10) + '0',
});
const bytes = (lines: string[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));

describe('soundLines', () => {
  it('reads back what was written', () => {
    const events = [event(1), event(2), event(3)];
    expect(soundLines(bytes(events.map(journalLine))).events).toEqual(events);
  });

  it('a journal cut at any byte gives its whole lines and nothing else', () => {
    const events = [event(1), event(2), event(3)];
    const whole = bytes(events.map(journalLine));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (cut) => {
        const read = soundLines(whole.subarray(0, cut)).events;
        expect(read).toEqual(events.slice(0, read.length));
        const lineLength = whole.length / 3;
        // The line break itself may be what the cut took: the line is whole without it.
        expect(read.length).toBe(Math.floor((cut + 1) / lineLength));
      }),
    );
  });

  it('believes no line that was altered, nor any after it', () => {
    const lines = [event(1), event(2), event(3)].map(journalLine);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: (lines[1]?.length ?? 1) - 1 }), (at) => {
        const bad = lines[1] ?? '';
        const altered = bad.slice(0, at) + (bad[at] === '0' ? '1' : '0') + bad.slice(at + 1);
        expect(soundLines(bytes([lines[0] ?? '', altered, lines[2] ?? ''])).events).toEqual([event(1)]);
      }),
    );
  });

  it('bears garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        expect(soundLines(garbage).events).toEqual([]);
      }),
    );
  });
});
