import type { BlockNode, KnownTopology } from '../agent/src/decide/topology.ts';

/** A whole disk that nothing uses, as the probe reads it. */
export function diskNode(name: string, change: Partial<BlockNode> = {}): BlockNode {
  return {
    ...{ name, number: `8:${name.charCodeAt(name.length - 1)}`, kind: 'disk', partOf: null },
    ...{ slaves: [], holders: [], alias: null, backing: null, registered: false },
    ...{ diskseq: '3', readOnly: false, claim: 'free', unit: { kind: 'apart' } },
    content: { kind: 'read', type: null, label: null },
    ...change,
  };
}

/** A machine of these nodes on which nothing is mounted. */
export function topologyOf(nodes: readonly BlockNode[], change: Partial<KnownTopology> = {}): KnownTopology {
  return {
    ...{ kind: 'known', nodes: [...nodes], mounts: [], swaps: [], btrfs: [], pools: [] },
    hidden: { remapped: [], vmdWithoutDriver: [] },
    ...change,
  };
}
