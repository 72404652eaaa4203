import type { DriveCapabilities, Target } from '@rebond/protocol';
import type { BlockReader } from '../../effects/block.ts';
import type { Run } from '../../effects/types.ts';
import type { Thermometer } from '../../probe/temperature.ts';
import { TECHNIQUES } from '../techniques/index.ts';
import { unfreezeStep, unlockStep } from './ata-readiness.ts';
import { awaitSanitizeStep } from './await-sanitize.ts';
import type { EngineRoom } from './engine-work.ts';
import { firmwareStep } from './firmware.ts';
import { overwriteStep } from './overwrite.ts';
import { readBackStep } from './read-back.ts';
import { comparison } from './remember.ts';
import { revealStep } from './reveal.ts';
import { scanStep } from './scan.ts';
import type { StepRunners } from './step.ts';

/** What steps need beyond the open drive. */
export type StepEffects = EngineRoom & {
  run: Run;
  wait: (ms: number) => Promise<void>;
  /** Puts the machine to sleep, so that its drives lose their power; false where it cannot. */
  suspend: (run: Run) => Promise<boolean>;
  /** The size after the kernel asked the drive again, in bytes; null where it does not answer. */
  sizeAgain: (path: string) => Promise<number | null>;
  /** Another namespace of an NVMe controller; refused where anything uses it. */
  openNamespace: (controller: string, nsid: number) => Promise<BlockReader>;
  /** How warm a drive is, and may become; null where nothing says. Left out where nobody asks. */
  thermometer?: (target: Pick<Target, 'path' | 'medium'>) => Promise<Thermometer | null>;
};

/** The runners of one plan: what it remembers of the drive is its own. */
export function stepRunners(effects: StepEffects, capabilities: DriveCapabilities | null): StepRunners {
  const { run, wait, suspend, sizeAgain, openNamespace, spawn } = effects;
  const controller = capabilities?.interface === 'nvme' ? capabilities.controller : null;
  return {
    'await-sanitize': awaitSanitizeStep({ run, wait, capabilities, sizeAgain }),
    unfreeze: unfreezeStep({ run, wait, suspend }),
    unlock: unlockStep({ run, wait, suspend }),
    reveal: revealStep({ run, sizeAgain }),
    firmware: firmwareStep({ run, wait, capabilities, techniques: TECHNIQUES }),
    ...comparison(openNamespace, controller),
    scan: scanStep,
    overwrite: overwriteStep({ spawn }),
    'read-back': readBackStep({ spawn }),
  };
}
