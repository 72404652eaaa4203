import { WEARS_ON } from './reasons.ts';
import { lacksScsiSanitize, runScsiSanitize } from './scsi-sanitize.ts';
import type { TechniqueRow } from './technique.ts';

/** Flash erased block by block (SBC-4 §5.30.2.3). */
export const scsiSanitizeBlock: TechniqueRow = {
  technique: 'scsi-sanitize-block',
  proven: true,
  rank: 10,
  lacks: (capabilities) => lacksScsiSanitize(capabilities, 'block'),
  expectedMs: () => null,
  before: () => [],
  leaves: 'blank',
  notCovered: [WEARS_ON],
  interrupted: {
    fr: 'Il reprend tout seul dès que le disque a du courant : le laisser finir, puis recommencer.',
    en: 'It goes on by itself as soon as the drive has power: let it finish, then begin again.',
  },
  run: (target, _capabilities, doors) => runScsiSanitize('block', target, doors),
};
