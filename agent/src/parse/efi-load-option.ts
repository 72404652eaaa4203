/** One node of a UEFI device path (UEFI 2.10 §10.3.1). */
type PathNode = { type: number; subType: number; data: Uint8Array };

/** What a `Boot####` variable holds (UEFI 2.10 §3.1.3), of its device paths the first. */
export type LoadOption = {
  active: boolean;
  description: string;
  /** The partition that a hard drive node names, as udev writes PARTUUID; null where there is none. */
  partition: string | null;
  /** What else the nodes say of where it leads. */
  reaches: ReadonlySet<'network' | 'removable' | 'firmware'>;
};

/** Longer than any that a firmware keeps, and nothing to hang on. */
const LONGEST = 65_536;
const LOAD_OPTION_ACTIVE = 1;

/**
 * Reads an EFI_LOAD_OPTION, without the four bytes of attributes that efivarfs puts before it. Hostile bytes: what does
 * not keep to its own lengths is null.
 */
export function parseLoadOption(bytes: Uint8Array): LoadOption | null {
  if (bytes.length < 8 || bytes.length > LONGEST) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pathLength = view.getUint16(4, true);
  const name = textFrom(view, 6);
  if (name === null || name.end + pathLength > bytes.length) return null;
  const nodes = nodesOf(bytes.subarray(name.end, name.end + pathLength));
  if (nodes === null) return null;
  return {
    active: (view.getUint32(0, true) & LOAD_OPTION_ACTIVE) !== 0,
    description: name.text,
    partition: nodes.map(partitionOf).find((found) => found !== null) ?? null,
    reaches: new Set(nodes.flatMap(reachOf)),
  };
}

/** UCS-2 up to its zero; null where it has none. */
function textFrom(view: DataView, start: number): { text: string; end: number } | null {
  const units: number[] = [];
  for (let at = start; at + 2 <= view.byteLength; at += 2) {
    const unit = view.getUint16(at, true);
    if (unit === 0) return { text: String.fromCharCode(...units.slice(0, 256)).toWellFormed(), end: at + 2 };
    units.push(unit);
  }
  return null;
}

const END_TYPE = 0x7f;

/** The nodes before the first end; null where a node is shorter than its own head, or longer than what is there. */
function nodesOf(path: Uint8Array): PathNode[] | null {
  const nodes: PathNode[] = [];
  for (let at = 0; at + 4 <= path.length;) {
    const [type = 0, subType = 0, low = 0, high = 0] = path.subarray(at, at + 4);
    const length = low | (high << 8);
    if (length < 4 || at + length > path.length) return null;
    if (type === END_TYPE) return nodes;
    nodes.push({ type, subType, data: path.subarray(at + 4, at + length) });
    at += length;
  }
  return null;
}

const MEDIA = 4;
const HARD_DRIVE = 1;
/** UEFI 2.10 table 10-49: partition number, start, size, 16 bytes of signature, format, kind of signature. */
const HARD_DRIVE_BYTES = 38;

function partitionOf({ type, subType, data }: PathNode): string | null {
  if (type !== MEDIA || subType !== HARD_DRIVE || data.length !== HARD_DRIVE_BYTES) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const kind = data[37];
  if (kind === 2) return guidAt(view, 20);
  if (kind !== 1) return null;
  const disk = view.getUint32(20, true).toString(16).padStart(8, '0');
  return `${disk}-${view.getUint32(0, true).toString(16).padStart(2, '0')}`;
}

/** A GUID as it is printed: its first three groups are little-endian (UEFI 2.10 appendix A). */
function guidAt(view: DataView, at: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const rest = Array.from({ length: 8 }, (_, index) => hex(view.getUint8(at + 8 + index), 2)).join('');
  const head = [hex(view.getUint32(at, true), 8), hex(view.getUint16(at + 4, true), 4)];
  return [...head, hex(view.getUint16(at + 6, true), 4), rest.slice(0, 4), rest.slice(4)].join('-');
}

/** By type and sub-type (UEFI 2.10 §10.3): what an entry that is no leftover of a drive leads through. */
const REACHES: Readonly<Record<string, 'network' | 'removable' | 'firmware'>> = {
  '3.11': 'network', // MAC address
  '3.12': 'network', // IPv4
  '3.13': 'network', // IPv6
  '3.24': 'network', // URI
  '3.28': 'network', // Wi-Fi
  '3.27': 'network', // Bluetooth
  '3.5': 'removable', // USB
  '3.15': 'removable', // USB class
  '3.16': 'removable', // USB WWID
  '3.26': 'removable', // SD
  '4.2': 'removable', // CD-ROM
  '4.6': 'firmware', // file in a firmware volume
  '4.7': 'firmware', // firmware volume
  '5.1': 'firmware', // BIOS boot specification
};

function reachOf({ type, subType }: PathNode): ('network' | 'removable' | 'firmware')[] {
  const found = REACHES[`${type}.${subType}`];
  return found === undefined ? [] : [found];
}

/** `BootOrder`: 16-bit numbers; null where half of one is left over. */
export function parseBootOrder(bytes: Uint8Array): number[] | null {
  if (bytes.length % 2 !== 0 || bytes.length > 2048) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 2 }, (_, index) => view.getUint16(index * 2, true));
}
