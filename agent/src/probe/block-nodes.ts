import { type BlockKind, blockKind, type BlockNode, type Content, type Unit } from '../decide/topology.ts';
import type { Claim, Files, Run } from '../effects/types.ts';
import { blkidAsUdev, udevContentType, udevLabel } from '../parse/udev.ts';
import { attribute } from './answers.ts';
import { mayRead, mustList, mustRead, Unreadable } from './must-read.ts';

export type NodeDoors = { run: Run; files: Files; claim: Claim };

/**
 * One node of /sys/block and its partitions; none for the hidden paths of a multipath NVMe namespace, which have no
 * number and cannot be opened: the namespace itself is in the list too.
 */
export async function readNodes(doors: NodeDoors, name: string): Promise<BlockNode[]> {
  const { files } = doors;
  const folder = `/sys/block/${name}`;
  const entries = await mustList(files, folder);
  if (entries.includes('hidden') && (await mustRead(files, `${folder}/hidden`)).trim() === '1') return [];
  const kind = blockKind(name);
  const whole: BlockNode = {
    ...(await commonFacts(doors, { name, folder, kind, entries })),
    partOf: kind === 'area' ? name.replace(/(?:boot\d+|rpmb|gp\d+)$/, '') : null,
    slaves: entries.includes('slaves') ? await mustList(files, `${folder}/slaves`) : [],
    alias: entries.includes('dm') ? (await mustRead(files, `${folder}/dm/name`)).trim() : null,
    backing: await backingOf(files, folder, entries),
    diskseq: entries.includes('diskseq') ? await diskseqOf(files, folder) : null,
    // Opening other kinds may spin a motor or detach a loop device, and none is a drive to be wiped.
    claim: kind === 'disk' ? await doors.claim(`/dev/${name}`) : 'unknown',
    unit: kind === 'disk' ? await unitOf(files, name) : { kind: 'apart' },
  };
  // The boot areas of an eMMC hang under its disk too, and are nodes of /sys/block besides.
  const parts = entries.filter((entry) => entry.startsWith(name) && blockKind(entry) !== 'area');
  return [
    whole,
    ...(await Promise.all(parts.map((part) => readPart(doors, whole, `${folder}/${part}`, part)))),
  ];
}

async function readPart(
  doors: NodeDoors,
  whole: BlockNode,
  folder: string,
  name: string,
): Promise<BlockNode> {
  const entries = await mustList(doors.files, folder);
  return {
    ...(await commonFacts(doors, { name, folder, kind: 'partition', entries })),
    ...{ partOf: whole.name, slaves: [], alias: null, backing: null },
    ...{ diskseq: null, claim: whole.claim, unit: { kind: 'apart' } },
  };
}

type Place = { name: string; folder: string; kind: BlockKind; entries: readonly string[] };

async function commonFacts(doors: NodeDoors, { name, folder, kind, entries }: Place) {
  const { files } = doors;
  const number = (await mustRead(files, `${folder}/dev`)).trim();
  const readOnly = (await mustRead(files, `${folder}/ro`)).trim();
  if (!/^\d+:\d+$/.test(number) || !/^[01]$/.test(readOnly)) throw new Unreadable(folder);
  return {
    ...{ name, number, kind, readOnly: readOnly === '1' },
    holders: await mustList(files, `${folder}/holders`),
    registered: entries.includes('bcache'),
    content: await contentOf(doors, name, number, kind),
  };
}

async function backingOf(files: Files, folder: string, entries: readonly string[]): Promise<string | null> {
  // The folder is there while a file is attached (drivers/block/loop.c).
  if (entries.includes('loop')) {
    return (await mustRead(files, `${folder}/loop/backing_file`)).replace(/\n$/, '');
  }
  if (!entries.includes('backing_dev')) return null;
  const device = (await mustRead(files, `${folder}/backing_dev`)).trim();
  return device === 'none' ? null : device;
}

async function diskseqOf(files: Files, folder: string): Promise<string | null> {
  const text = (await mustRead(files, `${folder}/diskseq`)).trim();
  return /^\d{1,20}$/.test(text) ? text : null;
}

/**
 * udev's word, else that of blkid. Only drives and their partitions are asked: what is made of them makes them used
 * whatever it holds.
 */
async function contentOf(
  { run, files }: NodeDoors,
  name: string,
  number: string,
  kind: BlockKind,
): Promise<Content> {
  if (kind !== 'disk' && kind !== 'partition' && kind !== 'area')
    return { kind: 'read', type: null, label: null };
  const known = await mayRead(files, `/run/udev/data/b${number}`);
  if (known !== null) return { kind: 'read', type: udevContentType(known), label: udevLabel(known) };
  const asked = await run(['blkid', '-p', '-o', 'udev', `/dev/${name}`]);
  if (asked.kind !== 'exited') return { kind: 'unknown' };
  const [out, complaint] = [asked.stdout, asked.stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim(),
  );
  // Status 2 without a word: nothing that it knows. With one, it could not read.
  if (asked.exitCode === 2 && !out && !complaint) return { kind: 'read', type: null, label: null };
  if (asked.exitCode !== 0 || !out) return { kind: 'unknown' };
  const text = blkidAsUdev(out);
  return { kind: 'read', type: udevContentType(text), label: udevLabel(text) };
}

/** Namespaces with one subsystem name are one drive, whichever controller shows them. */
async function unitOf(files: Files, name: string): Promise<Unit> {
  if (!name.startsWith('nvme')) return { kind: 'apart' };
  const subsystem = await attribute(files, `/sys/block/${name}/device/subsysnqn`);
  return subsystem === null ? { kind: 'unknown' } : { kind: 'shared', name: subsystem };
}
