import { clip } from '@rebond/protocol';

/** Compared in lower case, without blanks and punctuation. Seen in DMI tables, batteries and drives. */
const PLACEHOLDERS = new Set(
  `tobefilledbyoem|tobefilledbyoemfield|fillbyoem|filledbyoem|oem|byoem|oemdefine|default|defaultstring|
  none|null|nil|na|notapplicable|notavailable|notspecified|notspecify|notset|notsettable|notpresent|notdefined|
  notprovided|unspecified|undefined|undefine|unknown|unknow|empty|invalid|blank|badindex|outofspec|truncated|
  systemmanufacturer|systemproductname|systemname|systemversion|systemserialnumber|systemskunumber|
  baseboardmanufacturer|baseboardproductname|baseboardversion|baseboardserialnumber|boardmanufacturer|
  boardproductname|boardserialnumber|mbserialnumber|chassismanufacturer|chassisversion|chassisserialnumber|
  chassistype|serialnumber|serialno|sernum|productname|skunumber|assettag|noassettag|noassetinformation|
  nodimm|dimm|modulepartnumber|modulemanufacturer|moduleserialnumber|manufacturer|partnum|
  012345678|0123456789|01234567890|0123456789abcdef|123456789|1234567890|12345678|123456789abc|123456789abcdef|
  evaluationboard|xserialnumber`
    .replaceAll(/\s/g, '')
    .split('|'),
);

/** `Manufacturer0`, `SerNum3`, `Array1_PartNumber0`, `ModulePartNumber00`: a slot's number, not a name. */
const NUMBERED =
  /^(?:array\d+)?(?:module)?(?:manufacturer|sernum|serialnumber|partnum|partnumber|oemdefine)\d*$/;

/**
 * A hostile string as one clipped line, or null where it says nothing: empty, a vendor's placeholder, or one
 * character over and over (`00000000`, `FFFF`, `--`).
 */
export function meaningful(text: string | null | undefined): string | null {
  const line = trimmed(text);
  if (line === null) return null;
  const bare = line.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (bare === '' || /^0+$/.test(bare) || /^(.)\1{3,}$/u.test(bare) || /^0x[0f]+$/i.test(line)) return null;
  return PLACEHOLDERS.has(bare) || NUMBERED.test(bare) ? null : line;
}

/** A hostile string without the blanks and zero bytes around it, clipped; null when nothing is left. */
export function trimmed(text: string | null | undefined): string | null {
  // oxlint-disable-next-line no-control-regex -- firmware pads with zero bytes
  const line = clip((text ?? '').slice(0, 4096).replaceAll(/^[\s\u0000]+|[\s\u0000]+$/g, ''));
  return line === '' ? null : line;
}

/** UUIDs that whole series of boards share, besides those made of one digit. */
const SHARED_UUIDS = new Set([
  '03000200-0400-0500-0006-000700080009', // AMI's default table, in either byte order
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc', // Gigabyte and others
  '01234567-89ab-cdef-0123-456789abcdef',
  '00112233-4455-6677-8899-aabbccddeeff',
  '33221100-5544-7766-8899-aabbccddeeff',
]);

/** A SMBIOS UUID (DSP0134 §7.2.1) in lower case; null where it is not set, malformed or shared by many machines. */
export function meaningfulUuid(text: string | null | undefined): string | null {
  const uuid = trimmed(text)?.toLowerCase() ?? '';
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return null;
  const digits = uuid.replaceAll('-', '');
  return /^(..)\1{15}$/.test(digits) || SHARED_UUIDS.has(uuid) ? null : uuid;
}
