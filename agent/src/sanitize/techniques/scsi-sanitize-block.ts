import { WEARS_ON } from './reasons.ts';
import {
  aboutScsiSanitize,
  lacksScsiSanitize,
  runScsiSanitize,
  SCSI_SANITIZE_INTERRUPTED,
} from './scsi-sanitize.ts';
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
  interrupted: SCSI_SANITIZE_INTERRUPTED,
  about: aboutScsiSanitize('block'),
  run: (target, _capabilities, doors) => runScsiSanitize('block', target, doors),
};
