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

const WORDS = ['--sanitize-crypto-scramble'];

/** The drive forgets the key that everything on it is encrypted with (ACS-4 §7.36.5). Proves nothing for data written before it encrypted. */
export const ataSanitizeCrypto: TechniqueRow = {
  technique: 'ata-sanitize-crypto',
  proven: true,
  rank: 30,
  lacks: (capabilities, target) => lacksAtaSanitize(capabilities, target, 'crypto'),
  expectedMs: ataSanitizeExpectedMs,
  before: beforeAtaSanitize,
  leaves: 'anything',
  notCovered: [WEARS_ON],
  interrupted: ATA_SANITIZE_INTERRUPTED,
  about: aboutAtaSanitize('crypto'),
  run: (target, _capabilities, doors) => runAtaSanitize(WORDS, target, doors),
};
