import { type Phrase, type PlanV2, TECHNIQUE_NAMES, VERIFICATION_NAMES } from '@rebond/protocol';

const LEVELS: Record<PlanV2['levelExpected'], Phrase> = {
  none: { fr: 'aucun niveau', en: 'no level' },
  clear: { fr: 'niveau CLEAR', en: 'level CLEAR' },
  purge: { fr: 'niveau PURGE', en: 'level PURGE' },
  destroy: { fr: 'niveau DESTROY', en: 'level DESTROY' },
};

/** What a plan does, in one line: its technique, the level that it reaches, how that is verified. */
export function planLine({ technique, levelExpected, verification }: PlanV2): Phrase {
  const [what, level, how] = [
    TECHNIQUE_NAMES[technique],
    LEVELS[levelExpected],
    VERIFICATION_NAMES[verification],
  ];
  return { fr: `${what.fr} — ${level.fr}, ${how.fr}`, en: `${what.en} — ${level.en}, ${how.en}` };
}
