import { overwriteStep } from './overwrite.ts';
import { readBackStep } from './read-back.ts';
import type { StepRunners } from './step.ts';

/** The kinds of step that need nothing but the open drive. */
export const STEP_RUNNERS: StepRunners = { overwrite: overwriteStep, 'read-back': readBackStep };
