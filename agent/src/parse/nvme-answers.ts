import type { DriveCapabilities } from '@rebond/protocol';
import { at, countAt, digitsAt, integerAt, listAt, parseJson } from './json.ts';
import { failed, type Parsed, parsed } from './parsed.ts';

type Nvme = Extract<DriveCapabilities, { interface: 'nvme' }>;
type SanitizeMeans = Omit<NonNullable<Nvme['sanitize']>, 'state' | 'estimates'>;

/** `nvme id-ctrl -o json`: what the controller can do (NVM Express 2.0 figure 275). */
export type ControllerMeans = {
  sanitize: SanitizeMeans | null;
  format: Nvme['format'];
  /** OACS bit 3: namespaces may be made and unmade. */
  managesNamespaces: boolean;
  unallocatedBytes: number | null;
};

export function parseIdCtrl(text: string): Parsed<ControllerMeans> {
  const json = parseJson(text, 'nvme id-ctrl');
  if (json.kind === 'failed') return json;
  const said = (name: string): number | null => countAt(json.value, name);
  const [sanicap, fna, oacs] = [said('sanicap'), said('fna'), said('oacs')];
  if (sanicap === null || fna === null || oacs === null)
    return failed('nonsense', 'nvme id-ctrl', 'sanicap, fna or oacs is missing');
  const bit = (value: number, index: number): boolean => (value & (1 << index)) !== 0;
  const unallocated = digitsAt(json.value, [], 'unvmcap');
  return parsed({
    sanitize:
      (sanicap & 7) === 0
        ? null
        : { crypto: bit(sanicap, 0), block: bit(sanicap, 1), overwrite: bit(sanicap, 2) },
    format: bit(oacs, 1)
      ? { allNamespaces: bit(fna, 0), eraseAllNamespaces: bit(fna, 1), crypto: bit(fna, 2) }
      : null,
    managesNamespaces: bit(oacs, 3),
    unallocatedBytes: unallocated === null ? null : safe(BigInt(unallocated)),
  });
}

function safe(value: bigint): number | null {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}

/** `nvme id-ns -o json`: the size in bytes and the index of the LBA format in use (FLBAS bits 3:0 and 6:5). */
export function parseIdNs(text: string): Parsed<{ sizeBytes: number | null; lbaFormat: number }> {
  const json = parseJson(text, 'nvme id-ns');
  if (json.kind === 'failed') return json;
  const flbas = countAt(json.value, 'flbas');
  if (flbas === null) return failed('nonsense', 'nvme id-ns', 'flbas is missing');
  const lbaFormat = (flbas & 0xf) | ((flbas >> 1) & 0x30);
  const shift = countAt(listAt(json.value, 'lbafs')[lbaFormat], 'ds');
  const blocks = digitsAt(json.value, [], 'nsze');
  const size = shift === null || blocks === null ? null : safe(BigInt(blocks) << BigInt(shift));
  return parsed({ sizeBytes: size, lbaFormat });
}

/** `nvme list-ns -o json`, of active or (with `-a`) of all allocated namespaces. */
export function parseListNs(text: string): Parsed<number[]> {
  const json = parseJson(text, 'nvme list-ns');
  if (json.kind === 'failed') return json;
  const list = at(json.value, 'nsid_list');
  if (!Array.isArray(list)) return failed('nonsense', 'nvme list-ns', 'there is no nsid_list');
  return parsed(
    listAt(json.value, 'nsid_list')
      .map((each) => integerAt(each, 'nsid'))
      .filter((nsid): nsid is number => nsid !== null && nsid > 0),
  );
}

export type SanitizeLog = {
  state: NonNullable<Nvme['sanitize']>['state'];
  /** 0…100 while one runs. */
  percent: number | null;
  /** SCDW10 of the last one: bits 2:0 are its action. */
  action: number | null;
  estimates: NonNullable<Nvme['sanitize']>['estimates'];
};

const STATES: readonly SanitizeLog['state'][] = [
  'never',
  'succeeded',
  'running',
  'failed',
  'succeeded-no-deallocation',
];
const NO_ESTIMATE = 0xffffffff;

/**
 * `nvme sanitize-log -o json` (NVM Express 2.0 figure 291). The log is nested under the device's name. SPROG is 65535
 * both when nothing runs and when nothing ever ran: SSTAT alone tells.
 */
export function parseSanitizeLog(text: string): Parsed<SanitizeLog> {
  const json = parseJson(text, 'nvme sanitize-log');
  if (json.kind === 'failed') return json;
  const log = logIn(json.value);
  const status =
    countAt(log, 'sstat') ?? countAt(log, 'sstat', 'status') ?? codeIn(at(log, 'sstat', 'status'));
  if (log === null || status === null)
    return failed('nonsense', 'nvme sanitize-log', `no sstat in ${text.slice(0, 200)}`);
  const state = STATES[status & 7] ?? 'unknown';
  const progress = countAt(log, 'sprog');
  const seconds = (...names: readonly string[]): number | null => {
    const said = names.map((name) => countAt(log, name)).find((each) => each !== null) ?? null;
    return said === null || said >= NO_ESTIMATE ? null : said;
  };
  return parsed({
    state,
    percent: state === 'running' && progress !== null ? (progress / 65_536) * 100 : null,
    action: countAt(log, 'cdw10_info') ?? countAt(log, 'scdw10'),
    estimates: {
      overwrite: seconds('time_over_write', 'eto'),
      block: seconds('time_block_erase', 'etbe'),
      crypto: seconds('time_crypto_erase', 'etce'),
    },
  });
}

/** nvme-cli 2.13 prints SSTAT in words, its number before them: "(2) Sanitize in Progress.". */
function codeIn(words: unknown): number | null {
  const [, code] = typeof words === 'string' ? (/^\((\d{1,2})\)/.exec(words) ?? []) : [];
  return code === undefined ? null : Number(code);
}

/** The object that has `sprog`, at the top or one level below. */
function logIn(value: unknown): unknown {
  if (countAt(value, 'sprog') !== null) return value;
  if (typeof value !== 'object' || value === null) return null;
  return Object.values(value).find((inner) => countAt(inner, 'sprog') !== null) ?? null;
}
