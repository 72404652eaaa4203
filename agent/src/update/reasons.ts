import type { Phrase, Reason } from '@rebond/protocol';

/** Why an update is not taken. The slot that runs is never touched, whatever the reason. */
const REASONS = {
  'offer-not-believed': {
    fr: 'Le serveur propose une image, mais l’offre n’est pas signée par l’atelier de cette clé USB. Rien n’a été changé.',
    en: 'The server offers an image, but the offer is not signed by this stick’s workshop. Nothing was changed.',
  },
  'offer-nonsense': {
    fr: 'Le serveur propose une image que cet agent ne sait pas lire. Rien n’a été changé.',
    en: 'The server offers an image that this agent cannot read. Nothing was changed.',
  },
  'slot-unreadable': {
    fr: 'L’état de l’autre emplacement de la clé USB ne peut pas être lu. Rien n’a été changé.',
    en: 'The state of the stick’s other slot cannot be read. Nothing was changed.',
  },
  'own-slot': {
    fr: 'Cette image irait à l’emplacement d’où la machine a démarré. Rien n’a été changé.',
    en: 'This image would go to the slot that the machine started from. Nothing was changed.',
  },
  'no-room': {
    fr: 'La clé USB n’a pas assez de place pour la nouvelle image et les fiches. Rien n’a été changé.',
    en: 'The stick has not enough room for the new image and the records. Nothing was changed.',
  },
  'not-downloaded': {
    fr: 'La nouvelle image n’a pas pu être reçue en entier. La clé USB démarre comme avant ; il sera réessayé.',
    en: 'The new image could not be received as a whole. The stick starts as before; it will be tried again.',
  },
  'wrong-bytes': {
    fr: 'Le serveur a envoyé d’autres octets que ceux de l’image proposée. La clé USB démarre comme avant.',
    en: 'The server sent other bytes than those of the image offered. The stick starts as before.',
  },
  'not-written': {
    fr: 'La clé USB n’a pas gardé la nouvelle image : elle s’use peut-être, remplacez-la. Elle démarre comme avant.',
    en: 'The stick did not keep the new image: it may be wearing out, replace it. It starts as before.',
  },
  stopped: {
    fr: 'La mise à jour a été interrompue. La clé USB démarre comme avant ; elle sera reprise.',
    en: 'The update was stopped. The stick starts as before; it will be tried again.',
  },
} as const satisfies Record<string, Phrase>;

export function because(code: keyof typeof REASONS): Reason {
  return { code, ...REASONS[code] };
}
