import type { Clock, Level, MachineRef, Medium, Outcome, Phrase } from '@rebond/protocol';

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

export { TECHNIQUE_NAMES as TECHNIQUES } from '@rebond/protocol';
