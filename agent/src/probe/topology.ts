import type { BlockNode, KnownTopology, Topology } from '../decide/topology.ts';
import { type NodeDoors, readNodes } from './block-nodes.ts';
import { readHiddenDrives } from './hidden-drives.ts';
import { mustList, Unreadable } from './must-read.ts';
import { readUses } from './uses.ts';

const BLOCK = '/sys/block';
/** A drive that is unplugged while it is read leaves places that were listed and are gone. */
const TRIES = 3;

/**
 * What the running system does with its block devices. When one place cannot be read the whole topology is unknown, and
 * nothing may be wiped. It never writes, and opens nothing but whole disks, for reading only.
 */
export async function probeTopology(doors: NodeDoors): Promise<Topology> {
  let detail = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return await snapshot(doors);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      detail = error.message;
    }
  }
  return { kind: 'unknown', detail };
}

/** @throws Unreadable also where disks came or went meanwhile */
async function snapshot(doors: NodeDoors): Promise<KnownTopology> {
  const { files } = doors;
  const names = await mustList(files, BLOCK);
  const uses = await readUses(files);
  const nodes: BlockNode[] = [];
  for (const name of names) nodes.push(...(await readNodes(doors, name)));
  const hidden = await readHiddenDrives(files);
  const after = await mustList(files, BLOCK);
  if (names.join() !== after.join()) throw new Unreadable(`${BLOCK} (changing)`);
  return { kind: 'known', nodes, ...uses, hidden };
}
