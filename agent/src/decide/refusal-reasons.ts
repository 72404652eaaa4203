import type { Reason } from '@rebond/protocol';

/** What the technician is told of a drive that is refused: why, and what to do. Nothing was written in any of these cases. */
export const REASONS = {
  notLive: {
    code: 'not-live',
    fr: 'Ce système n’est pas l’image Rebond : un vrai disque n’y est touché qu’avec --i-am-not-a-rehearsal. Démarrez plutôt la machine sur une clé Rebond.',
    en: 'This system is not the Rebond image: a real drive is touched here only with --i-am-not-a-rehearsal. Better start the machine from a Rebond stick.',
  },
  notConfirmed: {
    code: 'not-confirmed',
    fr: 'Personne n’a confirmé ce disque en tapant la fin de son numéro de série. Il reste intact.',
    en: 'Nobody confirmed this drive by typing the end of its serial number. It stays as it is.',
  },
  unidentified: {
    code: 'unidentified',
    fr: 'Le disque n’a pas de numéro de série lisible : on ne peut pas être sûr de ce qu’on effacerait. Branchez-le sans adaptateur, collez-lui une étiquette de l’atelier quand on vous la demande, ou mettez-le en quarantaine.',
    en: 'The drive has no readable serial number: one cannot be sure of what would be wiped. Attach it without an adapter, stick a label of the workshop on it when asked for one, or put it in quarantine.',
  },
  sizeUnknown: {
    code: 'size-unknown',
    fr: 'La taille du disque ou de ses secteurs n’est pas connue : il répond mal. Vérifiez ses câbles et redémarrez, ou mettez-le en quarantaine.',
    en: 'The size of the drive or of its sectors is not known: it answers badly. Check its cables and restart, or put it in quarantine.',
  },
  transportUnknown: {
    code: 'transport-unknown',
    fr: 'On n’a pas pu savoir comment ce disque est relié : il pourrait être dans une autre machine. Branchez-le directement, en SATA, NVMe ou USB.',
    en: 'How this drive is attached could not be found out: it may be in another machine. Attach it directly, by SATA, NVMe or USB.',
  },
  network: {
    code: 'network',
    fr: 'Ce disque est atteint par le réseau : il n’est pas dans cette machine. Il ne peut servir qu’à une répétition (--rehearsal).',
    en: 'This drive is reached through the network: it is not in this machine. It can serve a rehearsal only (--rehearsal).',
  },
  notADrive: {
    code: 'not-a-drive',
    fr: 'Ce n’est pas un disque mais un périphérique fait par le système (boucle, mémoire, assemblage, partition…). Désignez le disque entier.',
    en: 'This is no drive but a device that the system made (loop, memory, assembly, partition…). Name the whole drive.',
  },
  localInRehearsal: {
    code: 'local-in-rehearsal',
    fr: 'Une répétition ne touche aucun disque de cette machine, seulement un disque atteint par le réseau. Sans --drive, elle se fait sur un fichier à nous.',
    en: 'A rehearsal touches no drive of this machine, only one that is reached through the network. Without --drive it uses a file of our own.',
  },
  duplicate: {
    code: 'duplicate-serial',
    fr: 'Deux disques portent le même numéro : on ne peut pas dire lequel serait confirmé. Éteignez, débranchez l’un des deux et recommencez.',
    en: 'Two drives bear the same number: which one would be confirmed cannot be told. Switch off, unplug one of them and begin again.',
  },
  useUnknown: {
    code: 'use-unknown',
    fr: 'On n’a pas pu savoir si ce disque est utilisé par le système. Redémarrez sur la clé Rebond et recommencez.',
    en: 'Whether this drive is in use by the system could not be found out. Restart from the Rebond stick and begin again.',
  },
  contentUnknown: {
    code: 'content-unknown',
    fr: 'On n’a pas pu savoir ce que porte ce disque : ce pourrait être une clé Rebond avec ses fiches. Débranchez-le, rebranchez-le et recommencez.',
    en: 'What this drive carries could not be found out: it may be a Rebond stick with its records. Unplug it, plug it in again and begin again.',
  },
  boot: {
    code: 'boot',
    fr: 'Ce disque porte le système qui tourne en ce moment. Pour l’effacer, démarrez la machine sur une clé Rebond.',
    en: 'This drive carries the system that is running now. To wipe it, start the machine from a Rebond stick.',
  },
  mounted: {
    code: 'mounted',
    fr: 'Ce disque est monté : le système lit ou écrit dessus. Démontez-le (umount) si rien n’en est attendu, puis recommencez.',
    en: 'This drive is mounted: the system reads or writes on it. Unmount it (umount) if nothing on it is needed, then begin again.',
  },
  swap: {
    code: 'swap',
    fr: 'Ce disque sert de mémoire d’échange au système. Arrêtez-la (swapoff), puis recommencez.',
    en: 'This drive serves the system as swap. Stop it (swapoff), then begin again.',
  },
  held: {
    code: 'held',
    fr: 'Ce disque est tenu par un assemblage en marche (LVM, RAID, chiffrement, bcache, multipath, zfs…). Arrêtez l’assemblage si rien n’en est attendu, puis recommencez.',
    en: 'This drive is held by a running assembly (LVM, RAID, encryption, bcache, multipath, zfs…). Stop the assembly if nothing on it is needed, then begin again.',
  },
  backs: {
    code: 'backs-a-device',
    fr: 'Un périphérique boucle ou zram s’appuie sur ce disque ou sur un fichier qui s’y trouve. Détachez-le (losetup --detach), puis recommencez.',
    en: 'A loop or zram device stands on this drive or on a file on it. Detach it (losetup --detach), then begin again.',
  },
  inUse: {
    code: 'in-use',
    fr: 'Le noyau dit que ce disque est déjà utilisé. Trouvez par quoi (lsblk, fuser) ou redémarrez, puis recommencez.',
    en: 'The kernel says that this drive is already in use. Find out by what (lsblk, fuser) or restart, then begin again.',
  },
  siblingsUnknown: {
    code: 'siblings-unknown',
    fr: 'Cette méthode atteint le disque entier, et on n’a pas pu savoir s’il a d’autres espaces de noms. Choisissez la réécriture.',
    en: 'This technique reaches the whole drive, and whether it has other namespaces could not be found out. Choose the overwrite.',
  },
  siblingInUse: {
    code: 'sibling-in-use',
    fr: 'Cette méthode atteint le disque entier, et un autre de ses espaces de noms est utilisé par le système. Libérez-le, ou choisissez la réécriture.',
    en: 'This technique reaches the whole drive, and another of its namespaces is in use by the system. Free it, or choose the overwrite.',
  },
  siblingNotConfirmed: {
    code: 'sibling-not-confirmed',
    fr: 'Cette méthode atteint le disque entier, et un autre de ses espaces de noms n’a pas été confirmé. Confirmez-les tous, ou choisissez la réécriture.',
    en: 'This technique reaches the whole drive, and another of its namespaces was not confirmed. Confirm them all, or choose the overwrite.',
  },
  replugUnseen: {
    code: 'replug-unseen',
    fr: 'Le noyau ne numérote pas ce disque : s’il était débranché puis remplacé, on ne le verrait pas. Démarrez la machine sur une clé Rebond.',
    en: 'The kernel does not number this drive: if it were unplugged and replaced, nobody would see it. Start the machine from a Rebond stick.',
  },
  replugged: {
    code: 'replugged',
    fr: 'Sous ce nom, un disque est apparu depuis la lecture de la machine : rebranché, ou un autre. Recommencez : il sera lu et confirmé à nouveau.',
    en: 'Under this name a drive appeared after the machine was read: plugged in again, or another one. Begin again: it will be read and confirmed anew.',
  },
  stick: {
    code: 'rebond-stick',
    fr: 'C’est une clé Rebond : elle porte peut-être des fiches qui ne sont nulle part ailleurs. Gardez-la, ou envoyez ses fiches avant de la refaire.',
    en: 'This is a Rebond stick: it may carry records that are nowhere else. Keep it, or send its records before making it anew.',
  },
  readOnly: {
    code: 'read-only',
    fr: 'Ce disque est protégé en écriture. Cherchez un verrou (carte SD, adaptateur), ou mettez-le en quarantaine.',
    en: 'This drive is write-protected. Look for a switch (SD card, adapter), or put it in quarantine.',
  },
} as const satisfies Record<string, Reason>;

/** In a rehearsal every real drive is refused, whatever else may be said of it. */
export const REHEARSAL_REFUSAL: Reason = {
  code: 'rehearsal',
  fr: 'Répétition : aucun vrai disque n’est touché.',
  en: 'Rehearsal: no real drive is touched.',
};
