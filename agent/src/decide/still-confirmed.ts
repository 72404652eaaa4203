import type { DriveIdentity, Reason } from '@rebond/protocol';

/** The drive as it was when the operator confirmed it; a plan's target is one. */
export type Confirmed = { identity: DriveIdentity; sizeBytes: number; diskseq: string | null };
/** The drive as it answers now under the same name. */
export type Seen = { identity: DriveIdentity; sizeBytes: number | null; diskseq: string | null };

/**
 * Why the drive is no longer the one that was confirmed; empty when it is. To be asked after opening and before each
 * destructive command. A fact that was read then and cannot be read now has changed.
 * @param now null when nothing answers under its name
 * @param plannedSizes in bytes: what a planned HPA or DCO step leads to, as read before it; no other size is forgiven
 */
export function stillConfirmed(
  confirmed: Confirmed,
  now: Seen | null,
  plannedSizes: readonly number[] = [],
): Reason[] {
  if (now === null) return [GONE];
  const reasons: Reason[] = [];
  // Within one boot the number is given once: another one means that it left and came back, or that another came.
  if (now.diskseq !== confirmed.diskseq) reasons.push(REPLUGGED);
  for (const part of ['transport', 'model', 'serial', 'wwid'] as const) {
    if (now.identity[part] !== confirmed.identity[part]) reasons.push(changed(part));
  }
  const sizes = [confirmed.sizeBytes, ...plannedSizes];
  if (now.sizeBytes === null || !sizes.includes(now.sizeBytes)) {
    reasons.push(sizeChanged(confirmed.sizeBytes, now.sizeBytes));
  }
  return reasons;
}

const SAFE = {
  fr: 'Plus rien ne lui est envoyé. Vérifiez ses câbles, puis recommencez : il sera lu et confirmé à nouveau.',
  en: 'Nothing more is sent to it. Check its cables, then begin again: it will be read and confirmed anew.',
};

const GONE: Reason = {
  code: 'drive-gone',
  fr: `Le disque confirmé ne répond plus. ${SAFE.fr}`,
  en: `The confirmed drive no longer answers. ${SAFE.en}`,
};

const REPLUGGED: Reason = {
  code: 'replugged',
  fr: `Sous ce nom, un disque est apparu depuis la confirmation : débranché et rebranché, ou un autre. ${SAFE.fr}`,
  en: `Under this name a drive appeared after the confirmation: unplugged and plugged in again, or another one. ${SAFE.en}`,
};

const PARTS = {
  transport: { fr: 'le branchement', en: 'the way it is attached' },
  model: { fr: 'le modèle', en: 'the model' },
  serial: { fr: 'le numéro de série', en: 'the serial number' },
  wwid: { fr: 'l’identifiant mondial (WWID)', en: 'the world-wide identifier (WWID)' },
};

function changed(part: keyof typeof PARTS): Reason {
  return {
    code: `${part}-changed`,
    fr: `Ce n’est plus le disque confirmé : ${PARTS[part].fr} n’est plus le même. ${SAFE.fr}`,
    en: `This is no longer the confirmed drive: ${PARTS[part].en} is not the same. ${SAFE.en}`,
  };
}

function sizeChanged(confirmed: number, now: number | null): Reason {
  return {
    code: 'size-changed',
    fr: `La taille du disque n’est plus celle qui a été confirmée (${confirmed} octets, maintenant ${now ?? 'inconnue'}), et aucune étape prévue ne l’explique. ${SAFE.fr}`,
    en: `The size of the drive is not the one that was confirmed (${confirmed} bytes, now ${now ?? 'unknown'}), and no planned step explains it. ${SAFE.en}`,
  };
}
