import { WEARS_ON } from './reasons.ts';
import {
  aboutScsiSanitize,
  lacksScsiSanitize,
  runScsiSanitize,
  SCSI_SANITIZE_INTERRUPTED,
} from './scsi-sanitize.ts';
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
  interrupted: SCSI_SANITIZE_INTERRUPTED,
  about: aboutScsiSanitize('crypto'),
  run: (target, _capabilities, doors) => runScsiSanitize('crypto', target, doors),
};
