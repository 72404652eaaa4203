import {
  aboutSecurityErase,
  beforeSecurityErase,
  lacksSecurityErase,
  runSecurityErase,
  SECURITY_ERASE_INTERRUPTED,
  securityEraseExpectedMs,
} from './ata-security-erase.ts';
import type { TechniqueRow } from './technique.ts';

/** Writes binary zeros to all that a user can address, and to nothing else (ACS-4 §7.45). */
export const ataSecurityEraseNormal: TechniqueRow = {
  technique: 'ata-security-erase',
  proven: true,
  rank: 50,
  lacks: (capabilities) => lacksSecurityErase(capabilities, 'normal'),
  expectedMs: (capabilities) => securityEraseExpectedMs(capabilities, 'normal'),
  before: beforeSecurityErase,
  leaves: 'blank',
  notCovered: [
    {
      fr: 'Les secteurs réalloués et la réserve de la mémoire flash : non atteints par l’effacement normal.',
      en: 'Reallocated sectors and over-provisioned flash: not reached by the normal erase.',
    },
  ],
  interrupted: SECURITY_ERASE_INTERRUPTED,
  about: aboutSecurityErase('normal'),
  run: (target, _capabilities, doors) => runSecurityErase('normal', target, doors),
};
