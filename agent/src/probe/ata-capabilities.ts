import type { AtaSanitize, Drive, DriveCapabilities, HiddenArea, Part } from '@rebond/protocol';
import type { Run } from '../effects/types.ts';
import { type AtaWords, parseAtaWords } from '../parse/ata-words.ts';
import {
  type MaxSectors,
  parseDcoSectors,
  parseMaxSectors,
  parseSanitizeStatus,
} from '../parse/hdparm-answers.ts';
import { failure, type Parsed } from '../parse/parsed.ts';
import { failedPart, said } from './answers.ts';

const HDPARM = 'hdparm';
const SOURCES = ['hdparm --Istdout', 'hdparm -N', 'hdparm --dco-identify', 'hdparm --sanitize-status'];

type Ata = Extract<DriveCapabilities, { interface: 'ata' }>;

/** IDENTIFY DEVICE, asked of the drive itself and not of the kernel's memory of it. */
async function identifyWords(run: Run, path: string): Promise<Parsed<AtaWords>> {
  const answer = said(await run([HDPARM, '--Istdout', path]), 'hdparm --Istdout');
  return answer.kind === 'said' ? parseAtaWords(answer.stdout) : answer;
}

/** What an ATA drive says of its own means. Its words must be those of the drive that was asked for. */
export async function ataCapabilities(run: Run, drive: Drive): Promise<Part<DriveCapabilities>> {
  const words = await identifyWords(run, drive.path);
  if (words.kind === 'failed') return failedPart(words.failure);
  const { serial, security, sanitize, hidesBy, sectorBytes } = words.value;
  // A bridge that makes up IDENTIFY data gives another serial than the drive's own.
  if (drive.identity.serial !== null && serial !== drive.identity.serial.trim())
    return failedPart(
      failure('nonsense', 'hdparm --Istdout', `serial ${serial}, not ${drive.identity.serial}`),
    );
  const max = hidesBy.hpa || hidesBy.ama ? await maxSectors(run, drive.path) : null;
  const value: Ata = {
    interface: 'ata',
    security,
    sanitize: sanitize === null ? null : { ...sanitize, state: await sanitizeState(run, drive.path) },
    hpa: hidesBy.hpa ? areaOf(max, 'hpa', sectorBytes, hidesBy.ama) : { state: 'not-supported' },
    ama: hidesBy.ama ? areaOf(max, 'ama', sectorBytes, hidesBy.hpa) : { state: 'not-supported' },
    dco: hidesBy.dco ? await dcoArea(run, drive, sectorBytes, max) : { state: 'not-supported' },
  };
  return { outcome: 'read', sources: SOURCES, value };
}

async function sanitizeState(run: Run, path: string): Promise<AtaSanitize['state']> {
  const answer = said(await run([HDPARM, '--sanitize-status', path]), 'hdparm --sanitize-status');
  if (answer.kind !== 'said') return 'unknown';
  return parseSanitizeStatus(answer.stdout, answer.stderr)?.state ?? 'unknown';
}

async function maxSectors(run: Run, path: string): Promise<MaxSectors | { unread: string }> {
  const answer = said(await run([HDPARM, '-N', path]), 'hdparm -N');
  if (answer.kind !== 'said') return { unread: answer.failure.detail };
  return parseMaxSectors(answer.stdout) ?? { unread: `${answer.stdout}\n${answer.stderr}` };
}

/** hdparm asks by one of the two ways; the other one hides nothing then, if the drive has both. */
function areaOf(
  max: MaxSectors | { unread: string } | null,
  by: 'hpa' | 'ama',
  sectorBytes: number,
  hasOther: boolean,
): HiddenArea {
  if (max === null || 'unread' in max)
    return { state: 'unknown', failure: failure('nonsense', 'hdparm -N', max?.unread ?? '') };
  if (max.by !== by && hasOther) return { state: 'none' };
  return max.native > max.visible
    ? { state: 'hidden', realBytes: Number(max.native) * sectorBytes }
    : { state: 'none' };
}

/** A DCO may make the drive smaller than what READ NATIVE MAX says. */
async function dcoArea(
  run: Run,
  drive: Drive,
  sectorBytes: number,
  max: MaxSectors | { unread: string } | null,
): Promise<HiddenArea> {
  const answer = said(await run([HDPARM, '--dco-identify', drive.path]), 'hdparm --dco-identify');
  const real = answer.kind === 'said' ? parseDcoSectors(answer.stdout) : null;
  if (real === null) {
    const detail = answer.kind === 'said' ? answer.stderr : answer.failure.detail;
    return { state: 'unknown', failure: failure('refused', 'hdparm --dco-identify', detail) };
  }
  const native = max !== null && 'native' in max ? max.native : null;
  const known = native ?? BigInt(drive.sizeBytes ?? 0) / BigInt(sectorBytes);
  return real > known ? { state: 'hidden', realBytes: Number(real) * sectorBytes } : { state: 'none' };
}
