import type { Files } from '../effects/types.ts';
import { parseAtaPage, parseSerialPage, type AtaIdentity } from '../parse/ata-identify.ts';
import { integer } from '../parse/parsed.ts';
import { meaningful } from '../parse/placeholder.ts';
import { udevSerial } from '../parse/udev.ts';
import { attribute, flag } from './answers.ts';

/** What the kernel knows of one block device without asking the drive again. Sizes in bytes. */
export type Block = {
  name: string;
  devicePath: string | null;
  vendor: string | null;
  model: string | null;
  serial: string | null;
  /** Only where the kernel has no serial of its own. */
  udevSerial: string | null;
  firmware: string | null;
  wwid: string | null;
  sizeBytes: number | null;
  logicalSectorBytes: number | null;
  physicalSectorBytes: number | null;
  rotational: boolean | null;
  removable: boolean | null;
  hidden: boolean | null;
  diskseq: string | null;
  nvmeTransport: string | null;
  mmcType: string | null;
  ata: AtaIdentity | null;
};

/** The kernel counts in sectors of 512 bytes whatever the drive's own are (Documentation/ABI/stable/sysfs-block). */
const SECTOR = 512;

export async function readBlock(files: Files, name: string): Promise<Block> {
  const folder = `/sys/block/${name}`;
  const text = async (file: string): Promise<string | null> => await attribute(files, `${folder}/${file}`);
  const number = async (file: string): Promise<number | null> => integer(await text(file));
  const [real, sectors, logical, physical, removable, hidden, diskseq, ata, rotational] = await Promise.all([
    files.real(folder),
    number('size'),
    number('queue/logical_block_size'),
    number('queue/physical_block_size'),
    flag(files, `${folder}/removable`),
    flag(files, `${folder}/hidden`),
    text('diskseq'),
    ataIdentity(files, folder),
    flag(files, `${folder}/queue/rotational`),
  ]);
  const size = sectors === null ? null : sectors * SECTOR;
  return {
    name,
    devicePath: real.kind === 'read' ? real.value : null,
    sizeBytes: size !== null && size >= 0 && Number.isSafeInteger(size) ? size : null,
    logicalSectorBytes: positive(logical),
    physicalSectorBytes: positive(physical),
    rotational: ata?.rotational ?? rotational,
    removable,
    hidden,
    diskseq: /^\d{1,20}$/.test(diskseq ?? '') ? diskseq : null,
    ata,
    ...(await names(files, folder, ata)),
  };
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

/** Drives behind a SAT layer, libata's own among them; NVMe drives and most USB bridges have no such page. */
async function ataIdentity(files: Files, folder: string): Promise<AtaIdentity | null> {
  const page = await files.bytes(`${folder}/device/vpd_pg89`, 4096);
  return page.kind === 'read' ? parseAtaPage(page.value) : null;
}

type Names = Pick<
  Block,
  'vendor' | 'model' | 'serial' | 'udevSerial' | 'firmware' | 'wwid' | 'nvmeTransport' | 'mmcType'
>;

/** Each bus has its own files: `name` and `cid` are those of MMC, `firmware_rev` of NVMe, `rev` of SCSI. */
async function names(files: Files, folder: string, ata: AtaIdentity | null): Promise<Names> {
  const first = async (...paths: readonly string[]): Promise<string | null> => {
    const texts = await Promise.all(paths.map((path) => attribute(files, `${folder}/${path}`)));
    return texts.map(meaningful).find((text) => text !== null) ?? null;
  };
  const [vendor, model, serial, firmware, wwid, mmcType, page, nvmeTransport] = await Promise.all([
    first('device/vendor'),
    first('device/model', 'device/name'),
    first('device/serial', 'serial'),
    first('device/firmware_rev', 'device/rev', 'device/fwrev'),
    first('device/wwid', 'wwid', 'device/cid'),
    first('device/type'),
    serialPage(files, folder),
    nvmeTransportOf(files, folder),
  ]);
  const known = ata?.serial ?? serial ?? meaningful(page);
  return {
    vendor: vendor?.startsWith('0x') ? null : vendor,
    model,
    serial: known,
    udevSerial: known === null ? await udev(files, folder) : null,
    firmware: ata?.firmware ?? firmware,
    wwid,
    nvmeTransport,
    mmcType,
  };
}

async function serialPage(files: Files, folder: string): Promise<string | null> {
  const page = await files.bytes(`${folder}/device/vpd_pg80`, 4096);
  return page.kind === 'read' ? parseSerialPage(page.value) : null;
}

/** A multipath namespace hangs under its subsystem, whose controllers know the transport: all must agree. */
async function nvmeTransportOf(files: Files, folder: string): Promise<string | null> {
  const own = await attribute(files, `${folder}/device/transport`);
  if (own !== null) return own;
  const inside = await files.list(`${folder}/device`);
  const controllers = inside.kind === 'read' ? inside.value.filter((name) => /^nvme\d+$/.test(name)) : [];
  const said = await Promise.all(
    controllers.map((name) => attribute(files, `${folder}/device/${name}/transport`)),
  );
  return said.find((transport) => transport !== null && transport !== 'pcie') ?? said[0] ?? null;
}

async function udev(files: Files, folder: string): Promise<string | null> {
  const numbers = await attribute(files, `${folder}/dev`);
  if (numbers === null || !/^\d+:\d+$/.test(numbers)) return null;
  const data = await files.text(`/run/udev/data/b${numbers}`, 262_144);
  return data.kind === 'read' ? udevSerial(data.value) : null;
}
