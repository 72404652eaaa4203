import { describe, expect, it } from 'vitest';
import { parseTargets, sourcesList } from './archive.ts';

// As apt 2.6 printed them on Debian 12, hosts renamed, beside two other archives.
const TARGETS = [
  'https://packages.example.org/apt/\tcloud-sdk-bookworm\tcloud\tcloud',
  'http://mirror.example.org/debian/\tbookworm\tDebian\tDebian',
  'http://mirror.example.org/debian/\tbookworm-updates\tDebian\tDebian',
  'http://mirror.example.org/debian-security/\tbookworm-security\tDebian\tDebian-Security',
].join('\n');

describe('the archive', () => {
  it('is the one that apt has verified to be Debian, whatever else is configured', () => {
    expect(parseTargets(TARGETS)).toEqual({
      main: 'http://mirror.example.org/debian/',
      security: 'http://mirror.example.org/debian-security/',
    });
  });

  it('may have no security archive', () => {
    expect(parseTargets(TARGETS.split('\n').slice(0, 3).join('\n')).security).toBeNull();
  });

  it('absent, is said in one sentence', () => {
    expect(() => parseTargets('https://x.example.org/\tjammy\tUbuntu\tUbuntu')).toThrow(
      expect.objectContaining({ code: 'no-debian-archive' }),
    );
    expect(() => parseTargets('')).toThrow(expect.objectContaining({ code: 'no-debian-archive' }));
  });

  it('is asked for trixie, with firmware', () => {
    const list = sourcesList(parseTargets(TARGETS), ['main', 'updates', 'security']);
    expect(list.split('\n').map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      'http://mirror.example.org/debian/ trixie main non-free-firmware',
      'http://mirror.example.org/debian/ trixie-updates main non-free-firmware',
      'http://mirror.example.org/debian-security/ trixie-security main non-free-firmware',
      '',
    ]);
    expect(sourcesList({ main: 'http://m/', security: null }, ['main', 'security']).split('\n')).toHaveLength(
      2,
    );
  });
});
