import { WEARS_ON } from './reasons.ts';
import { lacksScsiSanitize, runScsiSanitize } from './scsi-sanitize.ts';
import type { TechniqueRow } from './technique.ts';

/** The drive forgets the key of all that is on it (SBC-4 §5.30.2.4). */
export const scsiSanitizeCrypto: TechniqueRow = {
  technique: 'scsi-sanitize-crypto',
  proven: true,
  rank: 30,
  lacks: (capabilities) => lacksScsiSanitize(capabilities, 'crypto'),
  expectedMs: () => null,
  before: () => [],
  leaves: 'anything',
  notCovered: [WEARS_ON],
  interrupted: {
    fr: 'Il reprend tout seul dès que le disque a du courant : le laisser finir, puis recommencer.',
    en: 'It goes on by itself as soon as the drive has power: let it finish, then begin again.',
  },
  run: (target, _capabilities, doors) => runScsiSanitize('crypto', target, doors),
};
