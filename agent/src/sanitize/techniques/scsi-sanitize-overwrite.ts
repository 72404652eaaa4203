import { WEARS_ON } from './reasons.ts';
import {
  aboutScsiSanitize,
  lacksScsiSanitize,
  runScsiSanitize,
  SCSI_SANITIZE_INTERRUPTED,
} from './scsi-sanitize.ts';
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
  interrupted: SCSI_SANITIZE_INTERRUPTED,
  about: aboutScsiSanitize('overwrite'),
  run: (target, _capabilities, doors) => runScsiSanitize('overwrite', target, doors),
};
