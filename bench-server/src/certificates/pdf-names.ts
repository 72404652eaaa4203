import type { Clock, Level, MachineRef, Medium, Outcome, Phrase, Technique } from '@rebond/protocol';

/** A word of the protocol in both languages. */
type Names<Word extends string> = Readonly<Record<Word, Phrase>>;
const name = (fr: string, en: string): Phrase => ({ fr, en });

/** The words in the one place that everybody looks at. */
export const OUTCOMES: Names<Outcome> = {
  done: name('EFFACÉ ET VÉRIFIÉ', 'SANITIZED AND VERIFIED — DONE'),
  failed: name('ÉCHEC', 'FAILED'),
  unknown: name('INCONNU — À TRAITER COMME NON EFFACÉ', 'UNKNOWN — TREAT AS NOT SANITIZED'),
};

export const LEVELS: Names<Level> = {
  none: name('AUCUN', 'NONE'),
  clear: name('CLEAR', 'CLEAR'),
  purge: name('PURGE', 'PURGE'),
  destroy: name('DESTROY', 'DESTROY'),
};

/** From the weakest to the strongest (NIST SP 800-88r2 §3.1). */
export const LEVEL_ORDER: readonly Level[] = ['none', 'clear', 'purge', 'destroy'];

export const TIME_SOURCES: Names<Clock['timeSource']> = {
  server: name('horloge du serveur', 'server clock'),
  ntp: name('heure du réseau (NTP)', 'network time (NTP)'),
  'rtc-unverified': name('horloge de la machine, non vérifiée', 'clock of the machine, not verified'),
};

export const MACHINE_BASES: Names<MachineRef['basis']> = {
  dmi: name('reconnue par son identité DMI', 'recognized by its DMI identity'),
  mac: name('reconnue par une carte réseau', 'recognized by a network card'),
  session: name('non reconnue au-delà de cette session', 'not recognized beyond this session'),
};

export const MEDIA: Names<Medium> = {
  'ata-hdd': name('disque dur ATA', 'ATA hard disk'),
  'ata-ssd': name('SSD ATA', 'ATA SSD'),
  'scsi-hdd': name('disque dur SCSI', 'SCSI hard disk'),
  'scsi-ssd': name('SSD SCSI', 'SCSI SSD'),
  nvme: name('SSD NVMe', 'NVMe SSD'),
  emmc: name('mémoire eMMC', 'eMMC memory'),
  'usb-flash': name('clé USB', 'USB stick'),
  'sd-card': name('carte SD', 'SD card'),
  'behind-bridge': name('disque derrière un pont USB', 'drive behind a USB bridge'),
  virtual: name('disque virtuel', 'virtual drive'),
  'rehearsal-file': name('fichier d’exercice, pas un disque', 'exercise file, not a drive'),
  'rehearsal-loop': name('disque d’exercice (boucle), pas un disque', 'exercise loop device, not a drive'),
  unknown: name('support inconnu', 'unknown medium'),
};

const ATA_SANITIZE = 'ATA SANITIZE DEVICE';
const SCSI_SANITIZE = 'SCSI SANITIZE';
const NVME_SANITIZE = 'NVMe Sanitize';

export const TECHNIQUES: Names<Technique> = {
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
