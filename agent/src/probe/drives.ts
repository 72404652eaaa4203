import { clip, type Drive, type DriveHealth, type Part } from '@rebond/protocol';
import { mediumOf, transportOf, type Attachment } from '../decide/medium.ts';
import { blockKind } from '../decide/topology.ts';
import type { Files, Run } from '../effects/types.ts';
import { parseSmartctl, SMARTCTL, type SmartctlReport } from '../parse/smartctl.ts';
import type { Parsed } from '../parse/parsed.ts';
import { failedPart, said, unread } from './answers.ts';
import { readBlock, type Block } from './block.ts';

const BLOCK = '/sys/block';
const DRIVES_MAX = 256;
/** A failing disk may take this long over its logs; others do not wait for it. */
const SMARTCTL_MS = 30_000;

/** All drives of the machine, each with its health, all read at once; what was left out is remarked. */
export async function probeDrives(
  run: Run,
  files: Files,
): Promise<{ drives: Part<Drive[]>; remarks: string[] }> {
  const names = await files.list(BLOCK);
  if (names.kind !== 'read') return { drives: failedPart(unread(names, BLOCK)), remarks: [] };
  const candidates = names.value.filter(isDrive);
  const blocks = await Promise.all(candidates.map((name) => readBlock(files, name)));
  // A path of a multipath NVMe namespace is hidden: the namespace itself is in the list too.
  const shown = blocks.filter((block) => block.hidden !== true);
  const filled = shown.filter((block) => !isEmptyReader(block));
  const drives = await Promise.all(filled.slice(0, DRIVES_MAX).map((block) => probeDrive(run, block)));
  return { drives: part(drives), remarks: shown.filter(isEmptyReader).map(emptyReader) };
}

/** One drive read again, without asking the others; null when there is no such drive any more. */
export async function probeDriveAgain(run: Run, files: Files, path: string): Promise<Drive | null> {
  const name = path.replace(/^\/dev\//, '');
  const names = await files.list(BLOCK);
  if (names.kind !== 'read' || !names.value.includes(name) || !isDrive(name)) return null;
  const block = await readBlock(files, name);
  return block.hidden === true || isEmptyReader(block) ? null : await probeDrive(run, block);
}

/** Not what is made in memory or of other devices, optical, of another network protocol, or an area of an eMMC. */
function isDrive(name: string): boolean {
  return blockKind(name) === 'disk';
}

function part(drives: Drive[]): Part<Drive[]> {
  return drives.length === 0
    ? { outcome: 'absent', sources: [BLOCK] }
    : { outcome: 'read', sources: [BLOCK, SMARTCTL], value: drives };
}

/** A slot of a card reader. A drive that is not removable and says 0 is broken, and is listed. */
function isEmptyReader({ removable, sizeBytes }: Block): boolean {
  return removable === true && sizeBytes === 0;
}

function emptyReader({ name, vendor, model }: Block): string {
  return clip(`${name}: a reader without a medium (${[vendor, model].filter(Boolean).join(' ')})`);
}

async function probeDrive(run: Run, block: Block): Promise<Drive> {
  const path = `/dev/${block.name}`;
  const report = await smartctl(run, path);
  const told = report.kind === 'parsed' ? report.value : null;
  const attachment: Attachment = { ...block, sata: block.ata?.sata ?? told?.sata ?? null };
  const transport = transportOf(attachment);
  return {
    path: clip(path),
    identity: {
      transport,
      model: modelOf(block, told),
      serial: serialOf(block, told),
      wwid: block.wwid,
    },
    medium: mediumOf(attachment, transport),
    firmware: block.firmware ?? told?.firmware ?? null,
    // Of a drive that is not ready the kernel says 0; while its sanitize runs, the drive itself still tells its size.
    sizeBytes: block.sizeBytes === 0 ? (told?.sizeBytes ?? 0) : block.sizeBytes,
    logicalSectorBytes: block.logicalSectorBytes,
    physicalSectorBytes: block.physicalSectorBytes,
    rotational: block.rotational,
    removable: block.removable,
    diskseq: block.diskseq,
    health: healthOf(report),
  };
}

/** What the kernel knows, or the drive's own word: of NVMe that comes first, for the kernel never asks such a drive again. */
function serialOf({ name, serial, udevSerial }: Block, told: SmartctlReport | null): string | null {
  const own = told?.serial ?? null;
  return (name.startsWith('nvme') ? (own ?? serial) : (serial ?? own)) ?? udevSerial;
}

async function smartctl(run: Run, path: string): Promise<Parsed<SmartctlReport>> {
  const answer = said(await run([SMARTCTL, '--json=c', '-x', path], { timeoutMs: SMARTCTL_MS }), SMARTCTL);
  return answer.kind === 'said' ? parseSmartctl(answer.stdout) : answer;
}

function healthOf(report: Parsed<SmartctlReport>): Part<DriveHealth> {
  return report.kind === 'parsed' ? report.value.health : failedPart(report.failure);
}

/**
 * The kernel's name for the drive, or smartctl's where that is the same one in full: SCSI cuts a model at 16
 * characters, and an ATA drive's is longer.
 */
function modelOf(block: Block, told: SmartctlReport | null): string | null {
  if (block.ata?.model) return block.ata.model;
  const full = told?.model ?? null;
  if (block.model === null) return full;
  if (full?.startsWith(block.model)) return full;
  return block.vendor === null || block.vendor === 'ATA'
    ? block.model
    : clip(`${block.vendor} ${block.model}`);
}
