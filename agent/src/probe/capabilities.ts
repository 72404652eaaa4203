import type { Drive, DriveCapabilities, Part, ProbeFailure } from '@rebond/protocol';
import type { Files, Run } from '../effects/types.ts';
import { failure } from '../parse/parsed.ts';
import { parseOpcodeSupport, parseSense } from '../parse/sg-opcodes.ts';
import { failedPart, said } from './answers.ts';
import { ataCapabilities } from './ata-capabilities.ts';
import { nvmeCapabilities } from './nvme-capabilities.ts';

/** How a drive may be sanitized, in its own words. Nothing here changes the drive. */
export async function probeCapabilities(
  run: Run,
  files: Files,
  drive: Drive,
): Promise<Part<DriveCapabilities>> {
  switch (drive.medium) {
    case 'ata-hdd':
    case 'ata-ssd':
      return await ataCapabilities(run, drive);
    case 'nvme':
      return await nvmeCapabilities(run, files, drive);
    case 'scsi-hdd':
    case 'scsi-ssd':
      return await scsiCapabilities(run, drive.path);
    case 'emmc':
    case 'usb-flash':
    case 'sd-card':
    case 'behind-bridge':
    case 'virtual':
    case 'rehearsal-file':
    case 'rehearsal-loop':
    case 'unknown':
      // A bridge can take a password and refuse the erase: nothing but reads and writes go through it.
      return { outcome: 'read', sources: [], value: { interface: 'plain' } };
  }
}

/** SANITIZE (48h) by its service actions (SBC-4 §5.30). */
const SERVICE_ACTIONS = { overwrite: 1, block: 2, crypto: 3 } as const;

async function scsiCapabilities(run: Run, path: string): Promise<Part<DriveCapabilities>> {
  const takes = async (action: number): Promise<boolean | ProbeFailure> => {
    const answer = said(await run(['sg_opcodes', `--opcode=0x48,${action}`, path]), SG_OPCODES);
    if (answer.kind !== 'said') return answer.failure;
    const detail = answer.stdout + answer.stderr;
    return parseOpcodeSupport(answer.stdout) ?? failure('refused', SG_OPCODES, detail);
  };
  const found = { overwrite: false, block: false, crypto: false };
  for (const means of ['overwrite', 'block', 'crypto'] as const) {
    const answer = await takes(SERVICE_ACTIONS[means]);
    if (typeof answer !== 'boolean') return failedPart(answer);
    found[means] = answer;
  }
  const offers = found.overwrite || found.block || found.crypto;
  const sanitize = offers ? { ...found, ...((await isRunning(run, path)) ? { running: true } : {}) } : null;
  return { outcome: 'read', sources: [SG_OPCODES], value: { interface: 'scsi', sanitize } };
}

/** SCSI has no log of sanitizes: one that runs is told by the sense (SBC-4 §4.11). */
async function isRunning(run: Run, path: string): Promise<boolean> {
  const answer = said(await run(['sg_requests', path]), 'sg_requests');
  return answer.kind === 'said' && parseSense(answer.stdout + answer.stderr).kind === 'running';
}

const SG_OPCODES = 'sg_opcodes';
