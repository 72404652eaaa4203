import {
  aboutSecurityErase,
  beforeSecurityErase,
  lacksSecurityErase,
  runSecurityErase,
  SECURITY_ERASE_INTERRUPTED,
  securityEraseExpectedMs,
} from './ata-security-erase.ts';
import { WEARS_ON } from './reasons.ts';
import type { TechniqueRow } from './technique.ts';

/** Overwrites with the maker's own pattern, reallocated sectors included (ACS-4 §7.45). */
export const ataSecurityEraseEnhanced: TechniqueRow = {
  technique: 'ata-security-erase-enhanced',
  proven: true,
  rank: 40,
  lacks: (capabilities) => lacksSecurityErase(capabilities, 'enhanced'),
  expectedMs: (capabilities) => securityEraseExpectedMs(capabilities, 'enhanced'),
  before: beforeSecurityErase,
  // The maker's pattern may be anything.
  leaves: 'anything',
  notCovered: [WEARS_ON],
  interrupted: SECURITY_ERASE_INTERRUPTED,
  about: aboutSecurityErase('enhanced'),
  run: (target, _capabilities, doors) => runSecurityErase('enhanced', target, doors),
};
