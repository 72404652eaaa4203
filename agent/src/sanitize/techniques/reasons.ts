import type { Phrase, Reason } from '@rebond/protocol';

/** Why a technique is not for a drive. */
export const LACKS = {
  'other-interface': {
    fr: 'Ce disque ne parle pas la langue de cette technique.',
    en: 'This drive does not speak the language of this technique.',
  },
  'not-offered': {
    fr: 'Ce disque ne propose pas cette technique.',
    en: 'This drive does not offer this technique.',
  },
  'attempts-expired': {
    fr: 'Ce disque a compté trop de mots de passe faux : le rallumer, puis recommencer.',
    en: 'This drive counted too many wrong passwords: switch it off and on, then begin again.',
  },
  'state-unknown': {
    fr: 'L’état de cette technique n’a pas pu être lu sur ce disque.',
    en: 'The state of this technique could not be read from this drive.',
  },
  'flawed-encryption': {
    fr: 'Le chiffrement interne de ce modèle est connu pour être défaillant : changer sa clé ne prouve rien.',
    en: 'This model’s own encryption is known to be flawed: changing its key proves nothing.',
  },
} as const satisfies Record<string, Phrase>;

export function lacking(code: keyof typeof LACKS): Reason {
  return { code, ...LACKS[code] };
}

export const WEARS_ON: Phrase = {
  fr: 'Les secteurs mis de côté et la mémoire de réserve : couverts selon la norme et selon le disque, sans qu’on puisse les relire.',
  en: 'Sectors set aside and spare flash: covered by the standard and by the drive’s own word, though nobody can read them back.',
};

export const BEYOND_NAMESPACES: Phrase = {
  fr: 'La mémoire de réserve et la capacité sans espace de noms : couvertes selon la norme et selon le disque, sans qu’on puisse les relire.',
  en: 'Spare flash and capacity without a namespace: covered by the standard and by the drive’s own word, though nobody can read them back.',
};
