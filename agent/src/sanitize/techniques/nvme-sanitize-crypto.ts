import { encryptionIsFlawed } from './ata-sanitize.ts';
import {
  aboutNvmeSanitize,
  lacksNvmeSanitize,
  NVME_SANITIZE_INTERRUPTED,
  nvmeSanitizeExpectedMs,
  runNvmeSanitize,
} from './nvme-sanitize.ts';
import { BEYOND_NAMESPACES, lacking } from './reasons.ts';
import type { TechniqueRow } from './technique.ts';

/** The drive forgets the key of all that is on it (NVM Express 2.0 §5.24, Crypto Erase). */
export const nvmeSanitizeCrypto: TechniqueRow = {
  technique: 'nvme-sanitize-crypto',
  proven: true,
  rank: 30,
  lacks: (capabilities, target) =>
    encryptionIsFlawed(target) ? lacking('flawed-encryption') : lacksNvmeSanitize(capabilities, 'crypto'),
  expectedMs: (capabilities) => nvmeSanitizeExpectedMs(capabilities, 'crypto'),
  before: () => [],
  leaves: 'anything',
  notCovered: [BEYOND_NAMESPACES],
  interrupted: NVME_SANITIZE_INTERRUPTED,
  about: aboutNvmeSanitize('crypto'),
  run: (_target, capabilities, doors) => runNvmeSanitize('crypto', capabilities, doors),
};
