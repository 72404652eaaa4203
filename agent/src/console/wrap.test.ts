import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

describe('wrap', () => {
  it('breaks at blanks, keeps the indentation and every word', () => {
    expect(wrap('  un deux trois quatre', 12)).toEqual(['  un deux', '  trois', '  quatre']);
    expect(wrap('', 10)).toEqual(['']);
    expect(wrap('mot-plus-long-que-la-ligne court', 10)).toEqual(['mot-plus-long-que-la-ligne', 'court']);
    expect(wrap('a  ░░ b', 20)).toEqual(['a  ░░ b']);
  });
});
