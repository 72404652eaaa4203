import type { DriveCapabilities, Medium } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { notCovered } from './not-covered.ts';

const failure = { code: 'nonsense', source: 'hdparm', detail: '' } as const;
const UNKNOWN = { state: 'unknown', failure } as const;
const ata: Extract<DriveCapabilities, { interface: 'ata' }> = {
  ...{ interface: 'ata', security: null, sanitize: null },
  ...{ hpa: { state: 'none' }, dco: { state: 'hidden', realBytes: 1 }, ama: { state: 'not-supported' } },
};
const words = (medium: Medium, means: DriveCapabilities | null): string[] =>
  notCovered(medium, means).map(({ fr, en }) => {
    expect(fr.length).toBeGreaterThan(20);
    return ['Reallocated', 'Flash', 'Hidden'].find((each) => en.startsWith(each)) ?? en;
  });

describe('what an overwrite leaves alone', () => {
  it.each<[Medium, string[]]>([
    ['ata-hdd', ['Reallocated']],
    ['scsi-hdd', ['Reallocated']],
    ['ata-ssd', ['Flash']],
    ['scsi-ssd', ['Flash']],
    ['nvme', ['Flash']],
    ['emmc', ['Flash']],
    ['usb-flash', ['Flash']],
    ['sd-card', ['Flash']],
    ['behind-bridge', ['Reallocated', 'Flash']],
    ['virtual', ['Reallocated', 'Flash']],
    ['unknown', ['Reallocated', 'Flash']],
  ])('of %s is %j, and hidden areas where nobody could look for them', (medium, left) => {
    expect(words(medium, ata)).toEqual(left);
    expect(new Set(words(medium, null))).toEqual(new Set([...left, 'Hidden']));
    expect(new Set(words(medium, { interface: 'plain' }))).toEqual(new Set([...left, 'Hidden']));
    expect(words(medium, { interface: 'scsi', sanitize: null })).toEqual(left);
  });

  it('is a hidden area of which the drive says nothing, whichever', () => {
    for (const area of ['hpa', 'dco', 'ama'] as const)
      expect(words('ata-hdd', { ...ata, [area]: UNKNOWN })).toEqual(['Reallocated', 'Hidden']);
    expect(words('ata-ssd', { ...ata, hpa: UNKNOWN, dco: UNKNOWN, ama: UNKNOWN })).toEqual([
      'Flash',
      'Hidden',
    ]);
  });

  it('of a rehearsal is nothing: no drive was touched', () => {
    for (const medium of ['rehearsal-file', 'rehearsal-loop'] as const)
      for (const means of [ata, null, { interface: 'plain' } as const])
        expect(notCovered(medium, means)).toEqual([]);
  });
});
