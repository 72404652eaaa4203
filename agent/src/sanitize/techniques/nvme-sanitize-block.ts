import {
  aboutNvmeSanitize,
  lacksNvmeSanitize,
  NVME_SANITIZE_INTERRUPTED,
  nvmeSanitizeExpectedMs,
  runNvmeSanitize,
} from './nvme-sanitize.ts';
import { BEYOND_NAMESPACES } from './reasons.ts';
import type { TechniqueRow } from './technique.ts';

/** All blocks of the whole subsystem are erased, unallocated ones too (NVM Express 2.0 §5.24, Block Erase). */
export const nvmeSanitizeBlock: TechniqueRow = {
  technique: 'nvme-sanitize-block',
  proven: true,
  rank: 10,
  lacks: (capabilities) => lacksNvmeSanitize(capabilities, 'block'),
  expectedMs: (capabilities) => nvmeSanitizeExpectedMs(capabilities, 'block'),
  before: () => [],
  leaves: 'blank',
  notCovered: [BEYOND_NAMESPACES],
  interrupted: NVME_SANITIZE_INTERRUPTED,
  about: aboutNvmeSanitize('block'),
  run: (_target, capabilities, doors) => runNvmeSanitize('block', capabilities, doors),
};
