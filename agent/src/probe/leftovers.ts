import type { Part, ProbeFailure, TpmLeftover } from '@rebond/protocol';
import { clip, meaningOf } from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { type LoadOption, parseBootOrder, parseLoadOption } from '../parse/efi-load-option.ts';
import { countSignatures } from '../parse/efi-signature-list.ts';
import { failure } from '../parse/parsed.ts';
import { parsePpiOperations, parsePpiRequest, parsePpiResponse, type PpiMode } from '../parse/tpm-ppi.ts';

const EFIVARS = '/sys/firmware/efi/efivars';
/** EFI_GLOBAL_VARIABLE (UEFI 2.10 §3.3), and the owner of shim's variables. */
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const SHIM = '605dab50-e046-4300-abb6-3dd810dd8b23';
/** Attributes that efivarfs puts before each variable. */
const ATTRIBUTES = 4;

/** A boot entry as the firmware keeps it; `option` is null where its bytes say nothing. */
type FoundEntry = { name: string; option: LoadOption | null };
export type FoundEntries = { entries: FoundEntry[]; order: number[] | null };

/** The boot entries of a UEFI firmware, changing nothing; absent on a machine that was started the old way. */
export async function readBootEntries(files: Files): Promise<Part<FoundEntries>> {
  const listed = await files.list(EFIVARS);
  if (listed.kind === 'absent') return { outcome: 'absent', sources: [EFIVARS] };
  if (listed.kind !== 'read') return notRead(EFIVARS, listed.detail);
  const names = listed.value.flatMap(
    (name) => new RegExp(`^(Boot[0-9A-F]{4})-${GLOBAL}$`).exec(name)?.[1] ?? [],
  );
  const entries: FoundEntry[] = [];
  for (const name of names.slice(0, 256)) {
    const bytes = await files.bytes(`${EFIVARS}/${name}-${GLOBAL}`, 65_536);
    const option = bytes.kind === 'read' ? parseLoadOption(bytes.value.subarray(ATTRIBUTES)) : null;
    entries.push({ name, option });
  }
  const order = await files.bytes(`${EFIVARS}/BootOrder-${GLOBAL}`, 4096);
  const numbers = order.kind === 'read' ? parseBootOrder(order.value.subarray(ATTRIBUTES)) : null;
  return { outcome: 'read', sources: [EFIVARS], value: { entries, order: numbers } };
}

/** Keys that were enrolled beside the one that shim brings itself; shim shows them while it is what started the system. */
export async function readMokKeys(files: Files): Promise<Part<number>> {
  const path = `${EFIVARS}/MokListRT-${SHIM}`;
  const bytes = await files.bytes(path);
  if (bytes.kind === 'absent') return { outcome: 'absent', sources: [path] };
  if (bytes.kind !== 'read') return notRead(path, bytes.detail);
  const count = countSignatures(bytes.value.subarray(ATTRIBUTES));
  if (count === null)
    return { outcome: 'failed', failure: failure('nonsense', path, 'lengths do not add up') };
  return { outcome: 'read', sources: [path], value: Math.min(1024, Math.max(0, count - 1)) };
}

const BLOCK = '/sys/class/block';

/** Paths of the whole drives by the numbers of their partitions, as udev knows them; a clone has one number on two drives. */
export async function readPartitions(files: Files): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const listed = await files.list(BLOCK);
  for (const name of listed.kind === 'read' ? listed.value : []) {
    if ((await files.text(`${BLOCK}/${name}/partition`, 64)).kind !== 'read') continue;
    const [place, dev] = [await files.real(`${BLOCK}/${name}`), await files.text(`${BLOCK}/${name}/dev`, 64)];
    if (place.kind !== 'read' || dev.kind !== 'read') continue;
    const drive = place.value.split('/').at(-2);
    const udev = await files.text(`/run/udev/data/b${dev.value.trim()}`);
    const number = udev.kind === 'read' ? /^E:ID_PART_ENTRY_UUID=(\S+)$/m.exec(udev.value)?.[1] : undefined;
    if (drive === undefined || number === undefined) continue;
    const key = number.toLowerCase();
    found.set(key, [...new Set([...(found.get(key) ?? []), `/dev/${drive}`])]);
  }
  return found;
}

const TPM = '/sys/class/tpm/tpm0';

export type FoundTpm = {
  family: TpmLeftover['family'];
  last: TpmLeftover['last'];
  /** What waits for the next start, 0 for nothing; null where it cannot be read. */
  pending: number | null;
  modes: ReadonlyMap<number, PpiMode> | null;
};

/** The TPM and what its firmware was asked and answered. Reading asks for nothing. */
export async function readTpm(files: Files): Promise<Part<FoundTpm>> {
  const there = await files.list(TPM);
  if (there.kind === 'absent') return { outcome: 'absent', sources: [TPM] };
  if (there.kind !== 'read') return notRead(TPM, there.detail);
  const major = await files.text(`${TPM}/tpm_version_major`, 16);
  const version = major.kind === 'read' ? major.value.trim() : '';
  const family = version === '2' ? '2.0' : version === '1' ? '1.2' : 'unknown';
  const operations = await files.text(`${TPM}/ppi/tcg_operations`, 65_536);
  return {
    outcome: 'read',
    sources: [TPM],
    value: {
      family,
      last: await lastAnswer(files),
      pending: await pendingTpm(files),
      modes: operations.kind === 'read' ? parsePpiOperations(operations.value) : null,
    },
  };
}

/** The operation that waits for the next start. */
export async function pendingTpm(files: Files): Promise<number | null> {
  const request = await files.text(`${TPM}/ppi/request`, 64);
  return request.kind === 'read' ? parsePpiRequest(request.value) : null;
}

async function lastAnswer(files: Files): Promise<TpmLeftover['last']> {
  const path = `${TPM}/ppi/response`;
  const text = await files.text(path, 512);
  if (text.kind === 'absent') return { state: 'none' };
  if (text.kind !== 'read') return { state: 'unknown', failure: failure('refused', path, text.detail) };
  const answer = parsePpiResponse(text.value);
  if (answer === null) return { state: 'unknown', failure: failure('nonsense', path, text.value) };
  if (answer.kind === 'none') return { state: 'none' };
  const { operation, code } = answer;
  return { state: 'answered', operation, code, text: clip(answer.text), meaning: meaningOf(operation, code) };
}

function notRead(source: string, detail: string): { outcome: 'failed'; failure: ProbeFailure } {
  return { outcome: 'failed', failure: failure('refused', source, detail) };
}
