import type { Phrase, QuarantineCause } from '@rebond/protocol';

/** Why a drive lies in quarantine, in a few words. */
export const CAUSES: Readonly<Record<QuarantineCause, Phrase>> = {
  failed: { fr: 'effacement échoué', en: 'sanitization failed' },
  unknown: { fr: 'résultat inconnu', en: 'outcome unknown' },
  rejected: { fr: 'effacement rejeté par le responsable', en: 'sanitization rejected by the lead' },
  undrivable: { fr: 'ne peut pas être piloté', en: 'cannot be driven' },
  vanished: { fr: 'disparu', en: 'vanished' },
};
