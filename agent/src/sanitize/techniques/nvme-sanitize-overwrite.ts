import {
  aboutNvmeSanitize,
  lacksNvmeSanitize,
  NVME_SANITIZE_INTERRUPTED,
  nvmeSanitizeExpectedMs,
  runNvmeSanitize,
} from './nvme-sanitize.ts';
import { BEYOND_NAMESPACES } from './reasons.ts';
import type { TechniqueRow } from './technique.ts';

/** One pass of zeros by the drive itself, over all of its media (NVM Express 2.0 §5.24, Overwrite). */
export const nvmeSanitizeOverwrite: TechniqueRow = {
  technique: 'nvme-sanitize-overwrite',
  proven: true,
  rank: 20,
  lacks: (capabilities) => lacksNvmeSanitize(capabilities, 'overwrite'),
  expectedMs: (capabilities) => nvmeSanitizeExpectedMs(capabilities, 'overwrite'),
  before: () => [],
  leaves: 'blank',
  notCovered: [BEYOND_NAMESPACES],
  interrupted: NVME_SANITIZE_INTERRUPTED,
  about: aboutNvmeSanitize('overwrite'),
  run: (_target, capabilities, doors) => runNvmeSanitize('overwrite', capabilities, doors),
};
