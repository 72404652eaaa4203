import { describe, expect, it } from 'vitest';
import { Medium, Transport } from '../words/drive.ts';
import { REHEARSAL_NOTICE } from '../words/notice.ts';
import { checkMode } from './mode.ts';

type Target = Parameters<typeof checkMode>[2][number];

const refused = (
  mode: 'real' | 'rehearsal',
  notice: typeof REHEARSAL_NOTICE | null,
  ...targets: Target[]
) => {
  try {
    checkMode(mode, notice, targets);
    return false;
  } catch {
    return true;
  }
};
const why = (
  mode: 'real' | 'rehearsal',
  notice: typeof REHEARSAL_NOTICE | null,
  ...targets: Target[]
): string => {
  try {
    checkMode(mode, notice, targets);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};
const all: Target[] = Medium.options.flatMap((medium) =>
  Transport.options.map((transport) => ({ medium, transport })),
);
const exercise = ({ medium, transport }: Target): boolean =>
  medium === 'rehearsal-file' || medium === 'rehearsal-loop' || transport === 'network';

describe('the mode of a document', () => {
  it('is real for the drives of a machine, and for nothing that is reached by network or made for the exercise', () => {
    for (const target of all) expect(refused('real', null, target)).toBe(exercise(target));
  });

  it('is a rehearsal for those, and for no other', () => {
    for (const target of all) expect(refused('rehearsal', REHEARSAL_NOTICE, target)).toBe(!exercise(target));
  });

  it('is one for all of its targets', () => {
    const [real, lab]: Target[] = [
      { medium: 'nvme', transport: 'nvme' },
      { medium: 'nvme', transport: 'network' },
    ];
    expect(refused('real', null, real!, lab!)).toBe(true);
    expect(refused('rehearsal', REHEARSAL_NOTICE, lab!, real!)).toBe(true);
  });

  it('goes with its notice, word for word', () => {
    expect(refused('rehearsal', null)).toBe(true);
    expect(refused('rehearsal', { ...REHEARSAL_NOTICE, en: '' })).toBe(true);
    expect(refused('rehearsal', { ...REHEARSAL_NOTICE, fr: '' })).toBe(true);
    expect(refused('real', REHEARSAL_NOTICE)).toBe(true);
    expect(refused('real', null)).toBe(false);
  });

  it('is refused by naming what does not fit', () => {
    expect(why('real', REHEARSAL_NOTICE)).toBe('laws-disagree: notice');
    expect(why('real', null, { medium: 'nvme', transport: 'network' })).toBe('laws-disagree: medium');
  });
});
