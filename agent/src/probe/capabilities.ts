import type { Drive, DriveCapabilities, Part } from '@rebond/protocol';
import type { Files, Run } from '../effects/types.ts';
import { parseSanitizeOpcodes } from '../parse/sg-opcodes.ts';
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

async function scsiCapabilities(run: Run, path: string): Promise<Part<DriveCapabilities>> {
  const answer = said(await run(['sg_opcodes', '--opcode=0x48', '--no-inquiry', path]), 'sg_opcodes');
  if (answer.kind !== 'said') return failedPart(answer.failure);
  const sanitize = parseSanitizeOpcodes(answer.stdout);
  return { outcome: 'read', sources: ['sg_opcodes'], value: { interface: 'scsi', sanitize } };
}
