import type { Technique } from '@rebond/protocol';

/** What a technique destroys: what is addressed by the node alone, or everything that is on the same drive. */
export type Reach = 'addressed' | 'whole-drive';

/** A sanitize operation is of the whole NVM subsystem (NVM Express Base 2.0 §8.21); a Format may be of all namespaces (FNA). */
export function reachOf(technique: Technique): Reach {
  switch (technique) {
    case 'overwrite':
    case 'discard':
      return 'addressed';
    case 'ata-security-erase':
    case 'ata-security-erase-enhanced':
    case 'ata-sanitize-block':
    case 'ata-sanitize-crypto':
    case 'ata-sanitize-overwrite':
    case 'scsi-format-unit':
    case 'scsi-sanitize-block':
    case 'scsi-sanitize-crypto':
    case 'scsi-sanitize-overwrite':
    case 'nvme-format-0':
    case 'nvme-format-1':
    case 'nvme-format-2':
    case 'nvme-sanitize-block':
    case 'nvme-sanitize-crypto':
    case 'nvme-sanitize-overwrite':
    case 'emmc-erase-sanitize':
    case 'tcg-psid-revert':
      return 'whole-drive';
  }
}
