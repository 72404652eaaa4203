import {
  aboutFormat,
  FORMAT_INTERRUPTED,
  FORMAT_NOT_COVERED,
  lacksNvmeFormat,
  runNvmeFormat,
} from './nvme-format.ts';
import type { TechniqueRow } from './technique.ts';

/** User data of the namespace is erased (NVM Express 2.0 §5.14, SES 001b). */
export const nvmeFormat1: TechniqueRow = {
  technique: 'nvme-format-1',
  proven: true,
  rank: 40,
  lacks: (capabilities) => lacksNvmeFormat(capabilities, 1),
  // Format NVM has no estimate.
  expectedMs: () => null,
  before: () => [],
  leaves: 'blank',
  notCovered: FORMAT_NOT_COVERED,
  interrupted: FORMAT_INTERRUPTED,
  about: aboutFormat(1),
  run: (target, capabilities, doors) => runNvmeFormat(1, target, capabilities, doors),
};
