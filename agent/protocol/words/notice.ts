import type { Phrase } from './text.ts';

/** What every document of a rehearsal says, in its `notice`, word for word. */
export const REHEARSAL_NOTICE: Phrase = {
  fr: 'RÉPÉTITION — aucun disque de cette machine n’a été effacé. Ce document ne prouve rien d’autre qu’un exercice.',
  en: 'REHEARSAL — no drive of this machine was sanitized. This document proves nothing but an exercise.',
};
