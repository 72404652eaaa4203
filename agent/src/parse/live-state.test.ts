import { describe, expect, it } from 'vitest';
import { parseImageFacts, parseLastExit, parseMediumState, parseRamState } from './live-state.ts';

describe('what the image’s units say', () => {
  it('is read as they write it', () => {
    const medium = {
      kind: 'stick',
      partition: '/dev/sda1',
      disk: '/dev/sda',
      diskseq: '3',
      home: '/run/live/medium/rebond',
    };
    const whole = { ...medium, config: medium.home, doubt: null };
    expect(parseMediumState(JSON.stringify(medium))).toEqual(whole);
    const readOnly = { ...whole, home: null, doubt: 'twin' };
    expect(parseMediumState(JSON.stringify(readOnly))).toEqual(readOnly);
    expect(parseRamState('{"state":"loading","percent":37}')).toEqual({ state: 'loading', percent: 37 });
    expect(parseRamState('{"state":"medium","reason":"damaged"}')).toEqual({
      state: 'medium',
      reason: 'damaged',
    });
    const image = { version: '0.1.0', serial: 1_790_000_000, agentSha256: 'cd'.repeat(32) };
    expect(parseImageFacts(JSON.stringify(image))).toEqual(image);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"state":"loaded',
    '{"state":"other"}',
    '{"state":"loading","percent":"1"}',
  ])('is not known where it is %s', (text) => {
    expect(parseRamState(text)).toBeNull();
    expect(parseMediumState(text)).toBeNull();
    expect(parseImageFacts(text)).toBeNull();
  });

  it('does not take a path for a device', () => {
    const medium = { kind: 'stick', partition: null, disk: '/dev/../etc/passwd', diskseq: null, home: null };
    expect(parseMediumState(JSON.stringify(medium))).toBeNull();
  });

  it('tells how the agent ended, and the end of what it said', () => {
    expect(parseLastExit('signal killed KILL\nError: a\n\n  at b\n')).toEqual({
      ...{ result: 'signal', code: 'killed', status: 'KILL', tail: ['Error: a', '  at b'] },
    });
    expect(parseLastExit('')).toBeNull();
    expect(parseLastExit('success')?.code).toBe('');
  });
});
