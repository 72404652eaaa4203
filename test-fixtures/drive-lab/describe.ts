// The words with which a lab drive is described. Nothing here runs anything.
import { bytes, type Size } from '../virtual-laptop/describe.ts';
import type { Misbehaviour } from './misbehaviour.ts';

type Common = {
  /** Of all that the drive could address, hidden areas included: the true capacity. */
  size: Size;
  model?: string;
  serial?: string;
  firmware?: string;
  /** Turns a minute; 1 is flash, as ATA writes it. */
  rotation?: number;
  logicalSectorBytes?: 512 | 4096;
  /** Cells or sectors that no address reaches: over-provisioned, and those that were replaced. */
  spare?: Size;
  remapped?: Size;
  misbehaviours?: readonly Misbehaviour[];
  /** What the owner's data is made from; the serial if left out. */
  seed?: string;
};

export type AtaDescription = Common & {
  /** What INQUIRY calls its vendor; another one than `ATA` is a USB bridge, as smartctl sees it. */
  vendor?: string;
  wwn?: string;
  security?: false | Partial<Security>;
  sanitize?: false | Partial<Sanitize>;
  /** Addresses from here on are behind a host protected area; `false`: no such feature set. */
  hpa?: false | { visible?: Size };
  /** Addresses from here on are hidden by a device configuration overlay. */
  dco?: false | { visible?: Size };
  /** ACCESSIBLE MAX ADDRESS CONFIGURATION, which newer drives have in place of the host protected area. */
  ama?: false | { visible?: Size };
  trim?: boolean;
  smart?: Partial<Smart>;
};

export type Security = {
  enhanced: boolean;
  minutes: number;
  enhancedMinutes: number;
  /** As text, padded with zeros to 32 bytes. */
  masterPassword: string;
  /** There is a user password at first, and the drive is locked. */
  userPassword: string | null;
};

export type Sanitize = { block: boolean; crypto: boolean; overwrite: boolean; minutes: number };

export type Smart = {
  failing: boolean;
  temperature: number;
  hours: number;
  reallocated: number;
  pending: number;
  selfTest: 'passes' | 'fails' | 'never-ends';
  selfTestMinutes: number;
};

export type ScsiDescription = Common & {
  vendor?: string;
  sanitize?: false | Partial<Sanitize>;
  formatUnit?: boolean;
  unmap?: boolean;
};

type Filled = Required<Omit<Common, 'size' | 'spare' | 'remapped'>> & {
  size: number;
  spare: number;
  remapped: number;
};

export type AtaModel = Filled & {
  kind: 'ata';
  vendor: string;
  wwn: bigint;
  security: Security | null;
  sanitize: Sanitize | null;
  /** Bytes that a host can address at first, for each feature set; null where the drive has it not. */
  hpa: number | null;
  dco: number | null;
  ama: number | null;
  trim: boolean;
  smart: Smart;
};

export type ScsiModel = Filled & {
  kind: 'scsi';
  vendor: string;
  sanitize: Sanitize | null;
  formatUnit: boolean;
  unmap: boolean;
};

const SANITIZE: Sanitize = { block: true, crypto: true, overwrite: true, minutes: 10 };
const SECURITY: Security = {
  ...{ enhanced: true, minutes: 20, enhancedMinutes: 20 },
  ...{ masterPassword: '', userPassword: null },
};
const SMART: Smart = {
  ...{ failing: false, temperature: 31, hours: 12_345, reallocated: 0, pending: 0 },
  ...{ selfTest: 'passes', selfTestMinutes: 2 },
};

export function describeAta(asked: AtaDescription): AtaModel {
  const filled = fill(asked, 'LAB SSD 2000', 'LA');
  const visible = (feature: false | { visible?: Size } | undefined, byDefault: boolean): number | null => {
    if (feature === false || (feature === undefined && !byDefault)) return null;
    return bytes(feature?.visible ?? filled.size);
  };
  const { security, sanitize, wwn } = asked;
  return {
    ...filled,
    kind: 'ata',
    vendor: asked.vendor ?? 'ATA',
    wwn: BigInt(wwn ? `0x${wwn}` : `0x5000c5${hash(filled.serial)}`),
    security: security === false ? null : { ...SECURITY, ...security },
    sanitize: sanitize === false ? null : { ...SANITIZE, ...sanitize },
    hpa: visible(asked.hpa, asked.ama === undefined),
    dco: visible(asked.dco, true),
    ama: visible(asked.ama, false),
    trim: asked.trim ?? filled.rotation === 1,
    smart: { ...SMART, ...asked.smart },
  };
}

export function describeScsi(asked: ScsiDescription): ScsiModel {
  return {
    ...fill({ rotation: 10_500, ...asked }, 'LAB SAS 300', 'LS'),
    kind: 'scsi',
    vendor: asked.vendor ?? 'LABDRIVE',
    sanitize: asked.sanitize === false ? null : { ...SANITIZE, ...asked.sanitize },
    formatUnit: asked.formatUnit ?? true,
    unmap: asked.unmap ?? false,
  };
}

let made = 0;

function fill(asked: Common, model: string, prefix: string): Filled {
  const misbehaviours = asked.misbehaviours ?? [];
  const large = misbehaviours.some(({ kind }) => kind === '4Kn');
  made += 1;
  const serial = asked.serial ?? `${prefix}${String(made).padStart(8, '0')}`;
  const size = bytes(asked.size);
  return {
    size: size - (size % 4096),
    spare: bytes(asked.spare ?? '1M'),
    remapped: bytes(asked.remapped ?? '8s'),
    model: asked.model ?? model,
    serial,
    firmware: asked.firmware ?? 'LAB1.0',
    rotation: asked.rotation ?? 1,
    logicalSectorBytes: asked.logicalSectorBytes ?? (large ? 4096 : 512),
    misbehaviours,
    seed: asked.seed ?? serial,
  };
}

/** Ten hexadecimal digits that go with a text. */
function hash(text: string): string {
  let value = 7n;
  for (const each of text) value = (value * 131n + BigInt(each.codePointAt(0) ?? 0)) % 2n ** 40n;
  return value.toString(16).padStart(10, '0');
}
