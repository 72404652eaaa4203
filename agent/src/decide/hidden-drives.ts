import type { Reason } from '@rebond/protocol';
import type { Topology } from './topology.ts';

/**
 * What forbids speaking of the whole machine: drives that are in it and that no system without the vendor's driver sees.
 * Empty is not "all drives are seen" where the topology is not known.
 */
export function againstWholeMachine(topology: Topology): Reason[] {
  if (topology.kind === 'unknown') return [NOT_KNOWN];
  const { remapped, vmdWithoutDriver } = topology.hidden;
  return [
    ...(remapped.length > 0 ? [remappedNvme(remapped)] : []),
    ...(vmdWithoutDriver.length > 0 ? [vmdUnbound(vmdWithoutDriver)] : []),
  ];
}

/** Intel RST in RAID mode hides NVMe drives behind the AHCI controller; the kernel counts them and cannot reach them. */
function remappedNvme(at: readonly string[]): Reason {
  return {
    code: 'remapped-nvme',
    fr: `Des disques NVMe sont cachés derrière le mode RAID du micrologiciel (${at.join(', ')}) : rien ne peut être affirmé de la machine entière. Dans le micrologiciel, passez le contrôleur SATA de RAID à AHCI, redémarrez et recommencez.`,
    en: `NVMe drives are hidden behind the firmware’s RAID mode (${at.join(', ')}): nothing can be said of the whole machine. In the firmware, switch the SATA controller from RAID to AHCI, restart and begin again.`,
  };
}

function vmdUnbound(at: readonly string[]): Reason {
  return {
    code: 'vmd-without-driver',
    fr: `Un contrôleur Intel VMD n’a pas de pilote (${at.join(', ')}) : les disques derrière lui ne sont pas visibles, et rien ne peut être affirmé de la machine entière. Dans le micrologiciel, désactivez VMD, redémarrez et recommencez.`,
    en: `An Intel VMD controller has no driver (${at.join(', ')}): the drives behind it cannot be seen, and nothing can be said of the whole machine. In the firmware, switch VMD off, restart and begin again.`,
  };
}

const NOT_KNOWN: Reason = {
  code: 'hidden-drives-unknown',
  fr: 'On n’a pas pu savoir si des disques sont cachés derrière un contrôleur RAID ou VMD : rien ne peut être affirmé de la machine entière.',
  en: 'Whether drives are hidden behind a RAID or VMD controller could not be found out: nothing can be said of the whole machine.',
};
