import { ataSanitizeBlock } from './ata-sanitize-block.ts';
import { ataSanitizeCrypto } from './ata-sanitize-crypto.ts';
import { ataSanitizeOverwrite } from './ata-sanitize-overwrite.ts';
import { ataSecurityEraseEnhanced } from './ata-security-erase-enhanced.ts';
import { ataSecurityEraseNormal } from './ata-security-erase-normal.ts';
import { nvmeFormat1 } from './nvme-format-1.ts';
import { nvmeFormat2 } from './nvme-format-2.ts';
import { nvmeSanitizeBlock } from './nvme-sanitize-block.ts';
import { nvmeSanitizeCrypto } from './nvme-sanitize-crypto.ts';
import { nvmeSanitizeOverwrite } from './nvme-sanitize-overwrite.ts';
import { scsiSanitizeBlock } from './scsi-sanitize-block.ts';
import { scsiSanitizeCrypto } from './scsi-sanitize-crypto.ts';
import { scsiSanitizeOverwrite } from './scsi-sanitize-overwrite.ts';
import type { TechniqueRow } from './technique.ts';

/** All firmware techniques; the overwrite is the engine's, and needs nothing of the drive. */
export const TECHNIQUES: readonly TechniqueRow[] = [
  ataSanitizeBlock,
  ataSanitizeOverwrite,
  ataSanitizeCrypto,
  ataSecurityEraseEnhanced,
  ataSecurityEraseNormal,
  nvmeSanitizeBlock,
  nvmeSanitizeOverwrite,
  nvmeSanitizeCrypto,
  nvmeFormat1,
  nvmeFormat2,
  scsiSanitizeBlock,
  scsiSanitizeOverwrite,
  scsiSanitizeCrypto,
];
