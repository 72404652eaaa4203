import type { Reason, TpmLeftover } from '@rebond/protocol';
import type { PpiMode } from '../parse/tpm-ppi.ts';

export type TpmPlan = { kind: 'ask'; operation: number } | { kind: 'cannot'; reason: Reason };

/**
 * Which operation clears this TPM and leaves it usable (TCG PPI 1.30 table 2). TPM 1.2 is left switched off by a bare
 * clear (5): 22 and 14 switch it on again. TPM 2.0 takes each of them for a clear.
 * @param modes what the firmware lists; null where it does not say
 */
export function tpmPlan(family: TpmLeftover['family'], modes: ReadonlyMap<number, PpiMode> | null): TpmPlan {
  if (modes === null) return { kind: 'cannot', reason: NO_INTERFACE };
  const order = family === '2.0' ? [5, 22, 14, 21] : [22, 14, 21, 5];
  const usable = order.find((operation) => {
    const mode = modes.get(operation);
    return mode === 'user-required' || mode === 'user-not-required';
  });
  return usable === undefined ? { kind: 'cannot', reason: BLOCKED } : { kind: 'ask', operation: usable };
}

const NO_INTERFACE: Reason = {
  code: 'no-ppi',
  fr: 'Le micrologiciel n’offre pas de demande d’effacement de la puce TPM. Effacez-la dans ses réglages (« Clear TPM »), au démarrage.',
  en: 'The firmware offers no way to ask for a clear of the TPM. Clear it in its setup (“Clear TPM”), at start.',
};
const BLOCKED: Reason = {
  code: 'ppi-blocked',
  fr: 'Le micrologiciel ne laisse pas un système demander l’effacement de la puce TPM. Effacez-la dans ses réglages (« Clear TPM »), au démarrage.',
  en: 'The firmware lets no system ask for a clear of the TPM. Clear it in its setup (“Clear TPM”), at start.',
};
