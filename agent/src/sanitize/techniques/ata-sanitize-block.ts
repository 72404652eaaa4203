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

const WORDS = ['--sanitize-block-erase'];

/** Flash is erased block by block, over-provisioned blocks too (ACS-4 §7.36.4). */
export const ataSanitizeBlock: TechniqueRow = {
  technique: 'ata-sanitize-block',
  proven: true,
  rank: 10,
  lacks: (capabilities, target) => lacksAtaSanitize(capabilities, target, 'block'),
  expectedMs: ataSanitizeExpectedMs,
  before: beforeAtaSanitize,
  leaves: 'blank',
  notCovered: [WEARS_ON],
  interrupted: ATA_SANITIZE_INTERRUPTED,
  about: aboutAtaSanitize('block'),
  run: (target, _capabilities, doors) => runAtaSanitize(WORDS, target, doors),
};
