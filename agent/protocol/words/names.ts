import type { DestructionMethod } from './destruction.ts';
import type { Verification } from './sanitize.ts';
import type { PlanStep, Technique } from './steps.ts';
import type { Phrase } from './text.ts';

/** How a result was verified, in the words that every document and screen uses. */
export const VERIFICATION_NAMES: Readonly<Record<Verification, Phrase>> = {
  'full-read-back': { fr: 'relu en entier', en: 'read back in full' },
  'sampled-read-back': { fr: 'relu par échantillon', en: 'read back by sample' },
  'drive-reported': { fr: '« déclaré par le disque »', en: '“reported by the drive”' },
};

/** The steps of a plan, for people. */
export const STEP_NAMES: Readonly<Record<PlanStep['kind'], Phrase>> = {
  'await-sanitize': { fr: 'attente d’un effacement en cours', en: 'wait for a sanitize that runs' },
  unfreeze: { fr: 'dégel', en: 'unfreeze' },
  unlock: { fr: 'déverrouillage', en: 'unlock' },
  reveal: { fr: 'ouverture d’une zone cachée', en: 'opening of a hidden area' },
  remember: { fr: 'relevé avant effacement', en: 'samples before the erase' },
  firmware: { fr: 'effacement par le disque', en: 'erase by the drive' },
  compare: { fr: 'comparaison après effacement', en: 'samples after the erase' },
  scan: { fr: 'lecture de tout le disque', en: 'reading of the whole drive' },
  overwrite: { fr: 'réécriture', en: 'overwrite' },
  'read-back': { fr: 'relecture', en: 'read-back' },
};

const name = (fr: string, en: string): Phrase => ({ fr, en });

const ATA_SANITIZE = 'ATA SANITIZE DEVICE';
const SCSI_SANITIZE = 'SCSI SANITIZE';
const NVME_SANITIZE = 'NVMe Sanitize';

/** The techniques, for people. */
export const TECHNIQUE_NAMES: Readonly<Record<Technique, Phrase>> = {
  overwrite: name('réécriture de toutes les adresses', 'overwrite of all addresses'),
  'ata-security-erase': name('ATA SECURITY ERASE, normal', 'ATA SECURITY ERASE, normal'),
  'ata-security-erase-enhanced': name('ATA SECURITY ERASE, renforcé', 'ATA SECURITY ERASE, enhanced'),
  'ata-sanitize-block': name(`${ATA_SANITIZE}, par blocs`, `${ATA_SANITIZE}, block erase`),
  'ata-sanitize-crypto': name(`${ATA_SANITIZE}, cryptographique`, `${ATA_SANITIZE}, crypto scramble`),
  'ata-sanitize-overwrite': name(`${ATA_SANITIZE}, réécriture`, `${ATA_SANITIZE}, overwrite`),
  'scsi-format-unit': name('SCSI FORMAT UNIT', 'SCSI FORMAT UNIT'),
  'scsi-sanitize-block': name(`${SCSI_SANITIZE}, par blocs`, `${SCSI_SANITIZE}, block erase`),
  'scsi-sanitize-crypto': name(`${SCSI_SANITIZE}, cryptographique`, `${SCSI_SANITIZE}, cryptographic erase`),
  'scsi-sanitize-overwrite': name(`${SCSI_SANITIZE}, réécriture`, `${SCSI_SANITIZE}, overwrite`),
  'nvme-format-0': name('NVMe Format, sans effacement', 'NVMe Format, no erase'),
  'nvme-format-1': name('NVMe Format, données', 'NVMe Format, user data erase'),
  'nvme-format-2': name('NVMe Format, cryptographique', 'NVMe Format, cryptographic erase'),
  'nvme-sanitize-block': name(`${NVME_SANITIZE}, par blocs`, `${NVME_SANITIZE}, block erase`),
  'nvme-sanitize-crypto': name(`${NVME_SANITIZE}, cryptographique`, `${NVME_SANITIZE}, crypto erase`),
  'nvme-sanitize-overwrite': name(`${NVME_SANITIZE}, réécriture`, `${NVME_SANITIZE}, overwrite`),
  'emmc-erase-sanitize': name('eMMC Erase puis Sanitize', 'eMMC Erase then Sanitize'),
  'tcg-psid-revert': name('TCG PSID Revert', 'TCG PSID Revert'),
  discard: name('désallocation (discard)', 'deallocation (discard)'),
};

/** How media are destroyed, for people. */
export const DESTRUCTION_METHODS: Readonly<Record<DestructionMethod, Phrase>> = {
  shred: name('broyage', 'shredding'),
  disintegrate: name('désintégration', 'disintegration'),
  pulverize: name('pulvérisation', 'pulverization'),
  incinerate: name('incinération', 'incineration'),
  melt: name('fusion', 'melting'),
  degauss: name('démagnétisation', 'degaussing'),
};
