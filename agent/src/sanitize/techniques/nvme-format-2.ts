import {
  aboutFormat,
  FORMAT_INTERRUPTED,
  FORMAT_NOT_COVERED,
  lacksNvmeFormat,
  runNvmeFormat,
} from './nvme-format.ts';
import type { TechniqueRow } from './technique.ts';

/** The key of the namespace's data is changed (NVM Express 2.0 §5.14, SES 010b). */
export const nvmeFormat2: TechniqueRow = {
  technique: 'nvme-format-2',
  proven: true,
  rank: 45,
  lacks: (capabilities) => lacksNvmeFormat(capabilities, 2),
  // Format NVM has no estimate.
  expectedMs: () => null,
  before: () => [],
  leaves: 'anything',
  notCovered: FORMAT_NOT_COVERED,
  interrupted: FORMAT_INTERRUPTED,
  about: aboutFormat(2),
  run: (target, capabilities, doors) => runNvmeFormat(2, target, capabilities, doors),
};
