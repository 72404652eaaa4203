import { type Drive, PropertyLabel, printedNumber, type Reason } from '@rebond/protocol';
import { REASONS } from './refusal-reasons.ts';

/** Why no label can be taken for a drive: nobody could tell which drive to stick it on. */
export const LOOKALIKE: Reason = {
  code: 'lookalike',
  fr: 'Un autre disque de cette machine, de même modèle et de même taille, n’a pas de numéro non plus : on ne saurait pas lequel porte l’étiquette. Rien n’a été touché ; éteignez, débranchez-en un et recommencez.',
  en: 'Another drive of this machine, of the same model and size, has no number either: which of them bears the label could not be told. Nothing was touched; switch off, unplug one and begin again.',
};

/** True when nothing stands against a drive but that it has no number that somebody could type. */
export function awaitsOnlyLabel(reasons: readonly Reason[]): boolean {
  const open: readonly string[] = [REASONS.unidentified.code, REASONS.notConfirmed.code];
  return reasons.length === open.length && reasons.every(({ code }) => open.includes(code));
}

/** Another drive without a number that a person holding both could not tell from this one. */
export function hasLookalike(drive: Drive, all: readonly Drive[]): boolean {
  const { model } = drive.identity;
  return all.some(
    (other) =>
      other.path !== drive.path &&
      printedNumber(other.identity) === null &&
      other.identity.model === model &&
      other.sizeBytes === drive.sizeBytes,
  );
}

export type LabelTyped =
  | { kind: 'label'; label: string }
  /** Nothing was typed: the drive is left as it is. */
  | { kind: 'none' }
  | { kind: 'malformed' }
  /** Another drive of this machine bears it. */
  | { kind: 'taken' };

/** Reads a label as it was typed; small letters are capitals. */
export function labelTyped(typed: string | null, all: readonly Drive[]): LabelTyped {
  const label = typed?.trim().toUpperCase() ?? '';
  if (label === '') return { kind: 'none' };
  if (!PropertyLabel.safeParse(label).success) return { kind: 'malformed' };
  const taken = all.some(({ identity }) => printedNumber(identity)?.trim().toUpperCase() === label);
  return taken ? { kind: 'taken' } : { kind: 'label', label };
}

/** The drive as it is spoken of from now on, within this boot. */
export function withLabel(drive: Drive, propertyLabel: string): Drive {
  return { ...drive, identity: { ...drive.identity, propertyLabel } };
}
