import {
  capabilitiesOf,
  type DriveCapabilities,
  expectedOf,
  type Level,
  type Medium,
  type Mode,
  type Part,
  type Phrase,
  type PlanStep,
  type PlanV2,
  type Target,
  verificationOf,
} from '@rebond/protocol';

/** What an overwrite through the ordinary interface leaves alone, by medium. */
const NOT_COVERED: Record<'magnetic' | 'flash', Phrase[]> = {
  magnetic: [
    {
      fr: 'Les secteurs réalloués et les zones cachées (HPA, DCO) : ni cherchés ni écrasés.',
      en: 'Reallocated sectors and hidden areas (HPA, DCO): neither looked for nor overwritten.',
    },
  ],
  flash: [
    {
      fr: 'La mémoire flash hors des adresses visibles (réserve, blocs remplacés) : non atteinte par une réécriture.',
      en: 'Flash beyond the visible addresses (over-provisioning, replaced blocks): an overwrite does not reach it.',
    },
  ],
};

/** What a plan is made of: nothing else is looked at. */
export type PlanOrder = {
  planId: string;
  sessionId: string;
  mode: Mode;
  target: Target;
  levelRequested: Level;
  capabilities: Part<DriveCapabilities>;
};

const KEYED = { kind: 'keyed' } as const;
const STEPS: readonly PlanStep[] = [
  { kind: 'overwrite', pattern: KEYED },
  { kind: 'read-back', pattern: KEYED, extent: { kind: 'full' } },
];

/** The plan of a one-pass keyed overwrite with full read-back. Nothing is left to choose afterwards. */
export function planOverwrite({ capabilities, ...order }: PlanOrder): PlanV2 {
  const { mode, target, levelRequested } = order;
  const work = { technique: 'overwrite' as const, steps: [...STEPS] };
  const { level, clause } = expectedOf({ ...work, mode, target }, capabilitiesOf(capabilities));
  return {
    schema: 'rebond.plan/2',
    ...order,
    ...work,
    policy: { id: 'overwrite', version: 1 },
    verification: verificationOf(work.steps),
    levelExpected: level,
    clause,
    notCovered: notCovered(target.medium),
    reasons: [
      {
        code: 'one-pass',
        fr: 'Une passe pseudo-aléatoire à clé, relue en entier : elle montre aussi qu’aucune adresse n’en cache une autre.',
        en: 'One keyed pseudorandom pass, read back in full: it also shows that no address hides another.',
      },
      ...(levelRequested !== level && mode === 'real' ? [BELOW_REQUEST] : []),
    ],
  };
}

const BELOW_REQUEST = {
  code: 'below-request',
  fr: 'Sur ce support, une réécriture n’atteint pas le niveau demandé.',
  en: 'On this medium an overwrite does not reach the level asked for.',
};

function notCovered(medium: Medium): Phrase[] {
  switch (medium) {
    case 'rehearsal-file':
    case 'rehearsal-loop':
      return [];
    case 'ata-hdd':
    case 'scsi-hdd':
      return NOT_COVERED.magnetic;
    case 'ata-ssd':
    case 'scsi-ssd':
    case 'nvme':
    case 'emmc':
    case 'usb-flash':
    case 'sd-card':
      return NOT_COVERED.flash;
    case 'behind-bridge':
    case 'virtual':
    case 'unknown':
      return [...NOT_COVERED.magnetic, ...NOT_COVERED.flash];
  }
}
