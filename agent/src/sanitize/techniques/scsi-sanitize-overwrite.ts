import { WEARS_ON } from './reasons.ts';
import { lacksScsiSanitize, runScsiSanitize } from './scsi-sanitize.ts';
import type { TechniqueRow } from './technique.ts';

/** One pass of zeros by the drive itself (SBC-4 §5.30.2.2). */
export const scsiSanitizeOverwrite: TechniqueRow = {
  technique: 'scsi-sanitize-overwrite',
  proven: true,
  rank: 20,
  lacks: (capabilities) => lacksScsiSanitize(capabilities, 'overwrite'),
  expectedMs: () => null,
  before: () => [],
  leaves: 'blank',
  notCovered: [WEARS_ON],
  interrupted: {
    fr: 'Il reprend tout seul dès que le disque a du courant : le laisser finir, puis recommencer.',
    en: 'It goes on by itself as soon as the drive has power: let it finish, then begin again.',
  },
  run: (target, _capabilities, doors) => runScsiSanitize('overwrite', target, doors),
};
