import type { DriveCapabilities, Medium, Phrase } from '@rebond/protocol';

/** What an overwrite through the ordinary interface leaves alone, by medium and by what the drive says of hidden areas. */
export function notCovered(medium: Medium, means: DriveCapabilities | null): Phrase[] {
  switch (medium) {
    case 'rehearsal-file':
    case 'rehearsal-loop':
      return [];
    case 'ata-hdd':
    case 'scsi-hdd':
      return [REALLOCATED, ...hidden(means)];
    case 'ata-ssd':
    case 'scsi-ssd':
    case 'nvme':
    case 'emmc':
    case 'usb-flash':
    case 'sd-card':
      return [FLASH, ...hidden(means)];
    case 'behind-bridge':
    case 'virtual':
    case 'unknown':
      return [REALLOCATED, ...hidden(means), FLASH];
  }
}

function hidden(means: DriveCapabilities | null): Phrase[] {
  if (means?.interface !== 'ata')
    return means === null || means.interface === 'plain' ? [HIDDEN_UNKNOWN] : [];
  const unknown = [means.hpa, means.dco, means.ama].some(({ state }) => state === 'unknown');
  return unknown ? [HIDDEN_UNKNOWN] : [];
}

const REALLOCATED: Phrase = {
  fr: 'Les secteurs réalloués : le disque les a mis de côté, une réécriture ne les atteint pas.',
  en: 'Reallocated sectors: the drive has set them aside, and an overwrite does not reach them.',
};
const FLASH: Phrase = {
  fr: 'La mémoire flash hors des adresses visibles (réserve, blocs remplacés) : non atteinte par une réécriture.',
  en: 'Flash beyond the visible addresses (over-provisioning, replaced blocks): an overwrite does not reach it.',
};
const HIDDEN_UNKNOWN: Phrase = {
  fr: 'Des zones cachées (HPA, DCO) : on n’a pas pu savoir s’il y en a.',
  en: 'Hidden areas (HPA, DCO): whether there are any could not be found out.',
};
