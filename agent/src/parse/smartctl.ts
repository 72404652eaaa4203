import type { DriveHealth, Part, ProbeFailure } from '@rebond/protocol';
import { booleanAt, countAt, digitsAt, integerAt, at, listAt, parseJson, textAt } from './json.ts';
import { failed, failure, parsed, type Parsed } from './parsed.ts';
import { meaningful } from './placeholder.ts';
import { attributeCount, attributeHours, attributeTemperature } from './smart-attribute.ts';

/** What smartctl says of one drive; null where it says nothing. Sizes in bytes. */
export type SmartctlReport = {
  model: string | null;
  serial: string | null;
  firmware: string | null;
  sizeBytes: number | null;
  logicalSectorBytes: number | null;
  physicalSectorBytes: number | null;
  /** From `rotation_rate`: 0 is a solid-state drive. */
  rotational: boolean | null;
  /** True where the drive has a SATA version (IDENTIFY word 222). */
  sata: boolean | null;
  health: Part<DriveHealth>;
};

export const SMARTCTL = 'smartctl';

/**
 * Output of `smartctl --json -x DEV` (smartmontools 7.0 and later). Some callers wrap it in an array of one. Exit
 * status bits 0 and 1 (smartctl(8)) mean that the drive was not opened; bits 2 to 7 come with valid data.
 */
export function parseSmartctl(text: string): Parsed<SmartctlReport> {
  const json = parseJson(text, SMARTCTL);
  if (json.kind === 'failed') return json;
  const list: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value];
  const root = list[0];
  if (list.length !== 1) return failed('nonsense', SMARTCTL, `${list.length} drives in one answer`);
  if (at(root, 'device') === undefined) return { kind: 'failed', failure: refusal(root) };
  return parsed({
    model: model(root),
    serial: meaningful(textAt(root, 'serial_number')),
    firmware: meaningful(
      textAt(root, 'firmware_version') ?? textAt(root, 'scsi_revision') ?? textAt(root, 'revision'),
    ),
    sizeBytes: countAt(root, 'user_capacity', 'bytes'),
    logicalSectorBytes: countAt(root, 'logical_block_size'),
    physicalSectorBytes: countAt(root, 'physical_block_size'),
    rotational: rotational(countAt(root, 'rotation_rate')),
    sata: at(root, 'sata_version') === undefined ? null : true,
    health: health(root),
  });
}

function rotational(rate: number | null): boolean | null {
  return rate === null ? null : rate > 0;
}

/** SAS drives have no `model_name` before smartmontools 7.3, but vendor and product. */
function model(root: unknown): string | null {
  const product = textAt(root, 'scsi_product') ?? textAt(root, 'product');
  const vendor = textAt(root, 'scsi_vendor') ?? textAt(root, 'vendor') ?? '';
  return meaningful(
    textAt(root, 'model_name') ??
      textAt(root, 'scsi_model_name') ??
      (product === null ? null : `${vendor} ${product}`),
  );
}

function messages(root: unknown): string {
  return listAt(root, 'smartctl', 'messages')
    .map((message) => textAt(message, 'string') ?? '')
    .join('\n');
}

/** Without a device in it, the answer says why, or it is the list of a scan, or no answer of smartctl. */
function refusal(root: unknown): ProbeFailure {
  const status = integerAt(root, 'smartctl', 'exit_status');
  const said = messages(root);
  if (said === '' && !status) return failure('nonsense', SMARTCTL, 'an answer about no drive');
  if (said === '') return failure('tool-failed', SMARTCTL, `exit status ${status}`);
  return failure(/permission denied/i.test(said) ? 'refused' : 'tool-failed', SMARTCTL, said);
}

function health(root: unknown): Part<DriveHealth> {
  const value = facts(root);
  if (Object.values(value).some((fact) => fact !== null)) {
    return { outcome: 'read', sources: [SMARTCTL], value };
  }
  const support = at(root, 'smart_support');
  const available = typeof support === 'boolean' ? support : booleanAt(support, 'available');
  if (available === false) return { outcome: 'absent', sources: [SMARTCTL] };
  if (booleanAt(support, 'enabled') === false) {
    return { outcome: 'failed', failure: failure('refused', SMARTCTL, 'SMART is switched off in the drive') };
  }
  const status = integerAt(root, 'smartctl', 'exit_status');
  const said = [`no health data, exit status ${status ?? 'unknown'}`, messages(root)].join('\n');
  return { outcome: 'failed', failure: failure('unreadable', SMARTCTL, said) };
}

const NVME_LOG = 'nvme_smart_health_information_log';
/** Smartctl's exit status bit 3: the drive's status says that it is failing. */
const FAILING = 8;
/** A century. Some old drives count half minutes and say so nowhere. */
const HOURS_MAX = 100 * 365 * 24;

function facts(root: unknown): DriveHealth {
  const table = listAt(root, 'ata_smart_attributes', 'table');
  const spare =
    countAt(root, NVME_LOG, 'available_spare') ?? countAt(root, 'spare_available', 'current_percent');
  const hours = countAt(root, 'power_on_time', 'hours') ?? attributeHours(table);
  return {
    passed: passed(root),
    powerOnHours: hours !== null && hours <= HOURS_MAX ? hours : null,
    temperatureCelsius: temperature(root, table),
    reallocatedSectors: countAt(root, 'scsi_grown_defect_list') ?? attributeCount(table, 'reallocated'),
    pendingSectors: attributeCount(table, 'pending'),
    uncorrectableSectors: attributeCount(table, 'uncorrectable'),
    percentageUsed: percentageUsed(root),
    availableSparePercent: spare !== null && spare <= 100 ? spare : null,
    criticalWarning: countAt(root, NVME_LOG, 'critical_warning'),
    mediaErrors: digitsAt(root, [NVME_LOG], 'media_errors'),
  };
}

function passed(root: unknown): boolean | null {
  const failing = ((integerAt(root, 'smartctl', 'exit_status') ?? 0) & FAILING) !== 0;
  return failing ? false : booleanAt(root, 'smart_status', 'passed');
}

/** NVMe's own figure, else that of SCSI, else that of an ATA solid-state drive (ACS-4 §9.5.9). */
function percentageUsed(root: unknown): number | null {
  return (
    countAt(root, NVME_LOG, 'percentage_used') ??
    countAt(root, 'scsi_percentage_used_endurance_indicator') ??
    countAt(root, 'endurance_used', 'current_percent')
  );
}

/** SCSI prints 0 with a trip point of 0 where there is no sensor; NVMe 0 K is no reading either. */
function temperature(root: unknown, table: readonly unknown[]): number | null {
  const current = integerAt(root, 'temperature', 'current') ?? attributeTemperature(table);
  const noSensor = current === 0 && integerAt(root, 'temperature', 'drive_trip') === 0;
  return current === null || noSensor || current < -60 || current > 150 ? null : current;
}
