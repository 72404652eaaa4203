import { type Part, type Phrase, type Reason, TPM_CLEARS, type TpmLeftover } from '@rebond/protocol';
import { tpmPlan } from '../decide/tpm-clear.ts';
import type { FirmwareRequests } from '../effects/firmware-requests.ts';
import type { Files } from '../effects/types.ts';
import { type FoundTpm, pendingTpm, readTpm } from '../probe/leftovers.ts';
import { agrees, type Asking } from './asking.ts';

/** Looks at the TPM, asks a person, asks the firmware, and reads what it took of it. */
export async function lookAfterTpm(
  doors: { files: Files; firmware: Pick<FirmwareRequests, 'requestTpmClear'>; asking: Asking },
  barred: Reason | null,
): Promise<Part<TpmLeftover>> {
  const found = await readTpm(doors.files);
  if (found.outcome !== 'read') return found;
  const { family, last } = found.value;
  if (last.state === 'answered' && last.meaning !== 'other') doors.asking.tell(ANSWERS[last.meaning]);
  const clear = barred
    ? { state: 'unavailable' as const, reason: barred }
    : await clearOf(found.value, doors);
  return { ...found, value: { family, last, clear } };
}

async function clearOf(
  { family, pending, modes }: FoundTpm,
  { files, firmware, asking }: Parameters<typeof lookAfterTpm>[0],
): Promise<TpmLeftover['clear']> {
  // Asked for already, in this session or in one before: it waits for the next start.
  if (pending !== null && TPM_CLEARS.includes(pending)) return { state: 'requested', operation: pending };
  const plan = tpmPlan(family, modes);
  if (plan.kind === 'cannot') {
    asking.tell(plan.reason);
    return { state: 'unavailable', reason: plan.reason };
  }
  const { operation } = plan;
  if (!(await agrees(QUESTION, asking))) return { state: 'declined' };
  const asked = await firmware.requestTpmClear(operation);
  const waits = await pendingTpm(files);
  if (asked.kind === 'asked' && waits === operation) {
    asking.tell(REQUESTED, 'strong');
    return { state: 'requested', operation };
  }
  const reason = notTaken(asked.kind === 'refused' ? asked.detail : `ppi/request: ${waits ?? '?'}`);
  asking.tell(reason, 'alarm');
  return { state: 'failed', reason };
}

const QUESTION: Phrase = {
  fr: 'Effacer la puce TPM (clés de chiffrement de l’ancien système) ? O puis Entrée : oui · Entrée : non',
  en: 'Clear the TPM (encryption keys of the former system)? Y and Enter: yes · Enter: no',
};
const REQUESTED: Phrase = {
  fr: 'Demandé. La puce sera effacée au prochain démarrage, quand quelqu’un l’aura accepté au clavier (souvent F10 ou F12).',
  en: 'Asked for. The TPM will be cleared at the next start, once somebody accepts it at the keyboard (often F10 or F12).',
};
const ANSWERS: Readonly<Record<'cleared' | 'refused', Phrase>> = {
  cleared: {
    fr: 'Puce TPM : l’effacement demandé avant ce démarrage a été fait.',
    en: 'TPM: the clear that was asked for before this start was done.',
  },
  refused: {
    fr: 'Puce TPM : l’effacement demandé avant ce démarrage n’a PAS été fait.',
    en: 'TPM: the clear that was asked for before this start was NOT done.',
  },
};

function notTaken(detail: string): Reason {
  return {
    code: 'tpm-not-taken',
    fr: `Le micrologiciel n’a pas pris la demande d’effacement de la puce TPM (${detail}). Effacez-la dans ses réglages (« Clear TPM »).`,
    en: `The firmware did not take the request to clear the TPM (${detail}). Clear it in its setup (“Clear TPM”).`,
  };
}
