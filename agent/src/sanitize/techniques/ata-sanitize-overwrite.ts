import {
  aboutAtaSanitize,
  ATA_SANITIZE_INTERRUPTED,
  ataSanitizeExpectedMs,
  beforeAtaSanitize,
  lacksAtaSanitize,
  runAtaSanitize,
} from './ata-sanitize.ts';
import { WEARS_ON } from './reasons.ts';
import type { TechniqueRow } from './technique.ts';

const WORDS = ['--sanitize-overwrite-passes', '1', '--sanitize-overwrite', 'hex:00000000'];

/** One pass of zeros by the drive itself, unaddressable sectors included (ACS-4 §7.36.6). A count of 0 would mean 16. */
export const ataSanitizeOverwrite: TechniqueRow = {
  technique: 'ata-sanitize-overwrite',
  proven: true,
  rank: 20,
  lacks: (capabilities, target) => lacksAtaSanitize(capabilities, target, 'overwrite'),
  expectedMs: ataSanitizeExpectedMs,
  before: beforeAtaSanitize,
  leaves: 'blank',
  notCovered: [WEARS_ON],
  interrupted: ATA_SANITIZE_INTERRUPTED,
  about: aboutAtaSanitize('overwrite'),
  run: (target, _capabilities, doors) => runAtaSanitize(WORDS, target, doors),
};
