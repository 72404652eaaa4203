import type { Reason } from '@rebond/protocol';
import type { BlockNode, KnownTopology } from './topology.ts';

/** Signatures of what holds one part of something larger, or hides what it holds; by blkid's names. */
const ASSEMBLY = /_member$|^(?:bcache|drbd|ceph_bluestore|DM_snapshot_cow|swsuspend)$/;
const ENCRYPTED = /^(?:crypto_LUKS|BitLocker|FVE|apfs)$/;

/**
 * What the operator is told of a drive before he confirms it: a drive that nothing uses now may still be one of several
 * on which an assembly depends, and only he can know whether the others are wanted.
 */
export function noticesOf(disk: BlockNode, { nodes }: KnownTopology): Reason[] {
  const own = nodes.filter(({ name, partOf }) => name === disk.name || partOf === disk.name);
  return own.flatMap(({ name, content }) => {
    const type = content.kind === 'read' ? content.type : null;
    if (type === null) return [];
    const label = content.kind === 'read' && content.label ? ` « ${content.label} »` : '';
    if (ASSEMBLY.test(type)) return [inactiveMember(name, `${type}${label}`)];
    return ENCRYPTED.test(type) ? [encrypted(name, type)] : [];
  });
}

function inactiveMember(name: string, what: string): Reason {
  return {
    code: 'inactive-member',
    fr: `${name} est un membre (${what}) d’un assemblage qui ne tourne pas. S’il vous faut ses données, ne confirmez pas : les autres disques de l’assemblage ne suffiraient peut-être plus.`,
    en: `${name} is a member (${what}) of an assembly that is not running. If its data are needed, do not confirm: the assembly’s other drives may no longer be enough.`,
  };
}

function encrypted(name: string, type: string): Reason {
  return {
    code: 'encrypted',
    fr: `${name} est chiffré (${type}) et n’est pas ouvert. Une fois effacé, aucune clé ne rendra ses données.`,
    en: `${name} is encrypted (${type}) and is not open. Once it is wiped, no key will give its data back.`,
  };
}
