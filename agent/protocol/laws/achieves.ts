import type { Medium } from '../words/drive.ts';
import type { Level } from '../words/sanitize.ts';
import type { Technique } from '../words/steps.ts';

export type Achievement = { level: Level; clause: string };

type Row = Achievement & { technique: Technique; media: readonly Medium[] };

const FLASH_BEYOND_LBA = 'over-provisioned and remapped flash is not addressed';

/**
 * What a completed and verified technique achieves on a medium. Where the standards disagree, the lower is claimed.
 * What has no row achieves nothing. Standards: NIST SP 800-88r2 (September 2025), whose §3.1 follows IEEE 2883-2022
 * for techniques; NIST SP 800-88r1 Appendix A where it is lower.
 */
export const ACHIEVEMENTS: readonly Row[] = [
  {
    technique: 'overwrite',
    media: ['ata-hdd', 'scsi-hdd'],
    level: 'clear',
    clause:
      'IEEE 2883-2022 clear by overwrite of all user-addressable locations; NIST SP 800-88r1 tables A-5 and A-6',
  },
  {
    technique: 'overwrite',
    media: ['ata-ssd', 'scsi-ssd', 'nvme', 'emmc'],
    level: 'clear',
    clause: `NIST SP 800-88r1 table A-8, clear by overwrite; ${FLASH_BEYOND_LBA}`,
  },
  {
    technique: 'overwrite',
    media: ['behind-bridge'],
    level: 'clear',
    clause: 'NIST SP 800-88r1 table A-5, clear; a USB bridge allows no more',
  },
  {
    technique: 'ata-security-erase',
    media: ['ata-hdd', 'ata-ssd'],
    level: 'clear',
    clause: 'NIST SP 800-88r1 tables A-5 and A-8, SECURITY ERASE UNIT, normal',
  },
  {
    technique: 'ata-security-erase-enhanced',
    media: ['ata-hdd'],
    level: 'purge',
    clause: 'NIST SP 800-88r1 table A-5, SECURITY ERASE UNIT, enhanced',
  },
  {
    technique: 'ata-security-erase-enhanced',
    media: ['ata-ssd'],
    level: 'clear',
    clause: 'NIST SP 800-88r1 table A-8 gives clear on flash; the lower is claimed',
  },
  {
    technique: 'ata-sanitize-overwrite',
    media: ['ata-hdd'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; ATA ACS-3 OVERWRITE EXT',
  },
  {
    technique: 'ata-sanitize-crypto',
    media: ['ata-hdd', 'ata-ssd'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; ATA ACS-3 CRYPTO SCRAMBLE EXT, where the drive encrypted from the start',
  },
  {
    technique: 'ata-sanitize-block',
    media: ['ata-ssd'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; ATA ACS-3 BLOCK ERASE EXT',
  },
  {
    technique: 'scsi-format-unit',
    media: ['scsi-hdd', 'scsi-ssd'],
    level: 'clear',
    clause: 'IEEE 2883-2022 clear; SBC-4 FORMAT UNIT',
  },
  {
    technique: 'scsi-sanitize-overwrite',
    media: ['scsi-hdd'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; SBC-4 SANITIZE, OVERWRITE',
  },
  {
    technique: 'scsi-sanitize-crypto',
    media: ['scsi-hdd', 'scsi-ssd'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; SBC-4 SANITIZE, CRYPTOGRAPHIC ERASE',
  },
  {
    technique: 'scsi-sanitize-block',
    media: ['scsi-ssd'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; SBC-4 SANITIZE, BLOCK ERASE',
  },
  {
    technique: 'nvme-format-1',
    media: ['nvme'],
    level: 'clear',
    clause: 'IEEE 2883-2022 clear; NVM Express Format NVM, SES 001b',
  },
  {
    technique: 'nvme-format-2',
    media: ['nvme'],
    level: 'clear',
    clause:
      'IEEE 2883-2022 clear; NVM Express Format NVM, SES 010b (purge depends on the vendor and is not claimed)',
  },
  {
    technique: 'nvme-sanitize-block',
    media: ['nvme'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; NVM Express Sanitize, Block Erase',
  },
  {
    technique: 'nvme-sanitize-crypto',
    media: ['nvme'],
    level: 'purge',
    clause:
      'IEEE 2883-2022 purge; NVM Express Sanitize, Crypto Erase, where the drive encrypted from the start',
  },
  {
    technique: 'nvme-sanitize-overwrite',
    media: ['nvme'],
    level: 'purge',
    clause: 'IEEE 2883-2022 purge; NVM Express Sanitize, Overwrite',
  },
  {
    technique: 'emmc-erase-sanitize',
    media: ['emmc'],
    level: 'clear',
    clause: 'NIST SP 800-88r1 table A-8, eMMC; purge is not claimed',
  },
  {
    technique: 'overwrite',
    media: ['rehearsal-file', 'rehearsal-loop'],
    level: 'none',
    clause: 'REHEARSAL: a file is not a storage medium, no standard applies',
  },
  {
    technique: 'nvme-format-0',
    media: ['nvme'],
    level: 'none',
    clause: 'NVM Express Format NVM, SES 000b: no secure erase is performed',
  },
  {
    technique: 'discard',
    media: ['ata-ssd', 'scsi-ssd', 'nvme', 'emmc', 'usb-flash', 'sd-card'],
    level: 'none',
    clause: 'deallocation promises nothing about the data; NIST SP 800-88r2 knows no such technique',
  },
];

/** One overwrite pass is less than what removable flash needs (NIST SP 800-88r1 table A-8: two passes). */
const NO_ROW: Achievement = {
  level: 'none',
  clause: 'no standard gives this technique a level on this medium',
};

/** The level and its clause; `none` for every pair without a row, an unknown medium among them. */
export function achieves(technique: Technique, medium: Medium): Achievement {
  const row = ACHIEVEMENTS.find((each) => each.technique === technique && each.media.includes(medium));
  return row ? { level: row.level, clause: row.clause } : NO_ROW;
}
