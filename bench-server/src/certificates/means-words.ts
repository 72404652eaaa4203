import type { DriveCapabilities, HiddenArea, Part, PlanV2, StepSeen } from '@rebond/protocol';
import { amount } from './pdf-words.ts';
import type { Line } from './step-text.ts';

/** What the drive said it can do, before anything was planned. A tool's words in it are hostile. */
export function meansWords(capabilities: Part<DriveCapabilities>): Line[] {
  if (capabilities.outcome === 'absent') return [{ fr: 'aucun', en: 'none' }];
  if (capabilities.outcome === 'failed') {
    const { code, source, detail } = capabilities.failure;
    const why = [code, source, detail].filter(Boolean).join(', ');
    return [{ fr: `NON lus (${why})`, en: `NOT read (${why})` }];
  }
  const drive = capabilities.value;
  switch (drive.interface) {
    case 'ata':
      return [ataSecurity(drive.security), offered('ATA SANITIZE', drive.sanitize, drive.sanitize?.state)];
    case 'nvme':
      return [offered('NVMe Sanitize', drive.sanitize, drive.sanitize?.state), nvmeFormat(drive.format)];
    case 'scsi':
      return [offered('SCSI SANITIZE', drive.sanitize)];
    case 'plain':
      return [{ fr: 'lire et écrire, rien d’autre', en: 'reading and writing, nothing else' }];
  }
}

function ataSecurity(security: Extract<DriveCapabilities, { interface: 'ata' }>['security']): Line {
  if (!security) return { fr: 'ATA Security : non géré', en: 'ATA Security: not supported' };
  const { state, enhanced, attemptsExpired } = security;
  return {
    fr: `ATA Security : ${state}${enhanced ? ', effacement renforcé' : ''}${attemptsExpired ? ', essais épuisés' : ''}`,
    en: `ATA Security: ${state}${enhanced ? ', enhanced erase' : ''}${attemptsExpired ? ', attempts expired' : ''}`,
  };
}

type Offer = { crypto: boolean; block: boolean; overwrite: boolean };

function offered(name: string, offer: Offer | null, state?: string): Line {
  if (!offer) return { fr: `${name} : non géré`, en: `${name}: not supported` };
  const kinds = (['crypto', 'block', 'overwrite'] as const).filter((kind) => offer[kind]);
  const [shown, none] = [kinds.join(', '), kinds.length === 0];
  const [fr, en] = state === undefined ? ['', ''] : [` ; état ${state}`, `; state ${state}`];
  return { fr: `${name} : ${none ? 'aucun' : shown}${fr}`, en: `${name}: ${none ? 'none' : shown}${en}` };
}

function nvmeFormat(format: Extract<DriveCapabilities, { interface: 'nvme' }>['format']): Line {
  if (!format) return { fr: 'NVMe Format : non géré', en: 'NVMe Format: not supported' };
  const { crypto, eraseAllNamespaces } = format;
  const [fr, en] = eraseAllNamespaces
    ? ['tous les espaces de noms', 'all namespaces']
    : ['un espace de noms', 'one namespace'];
  return {
    fr: `NVMe Format : ${fr}${crypto ? ', crypto' : ''}`,
    en: `NVMe Format: ${en}${crypto ? ', crypto' : ''}`,
  };
}

/** What the drive hides from its user, and what became of it. */
export function hiddenWords(
  capabilities: Part<DriveCapabilities>,
  plan: PlanV2,
  seen: readonly StepSeen[],
): Line[] {
  const drive = capabilities.outcome === 'read' ? capabilities.value : null;
  if (drive?.interface === 'ata') {
    return (['hpa', 'dco', 'ama'] as const).map((area) =>
      areaLine(area.toUpperCase(), drive[area], wasRevealed(area, plan, seen)),
    );
  }
  if (drive?.interface === 'nvme') return nvmeHidden(drive);
  return [{ fr: 'PAS cherchées', en: 'NOT looked for' }];
}

function wasRevealed(area: 'hpa' | 'dco' | 'ama', { steps }: PlanV2, seen: readonly StepSeen[]): boolean {
  return steps.some((step, index) => {
    const one = seen[index];
    return (
      step.kind === 'reveal' &&
      step.area === area &&
      one?.kind === 'reveal' &&
      one.sizeAfter === step.realBytes
    );
  });
}

function areaLine(name: string, area: HiddenArea, revealed: boolean): Line {
  switch (area.state) {
    case 'none':
      return { fr: `${name} : aucune`, en: `${name}: none` };
    case 'not-supported':
      return { fr: `${name} : non gérée`, en: `${name}: not supported` };
    case 'unknown':
      return {
        fr: `${name} : INCONNUE (${area.failure.code})`,
        en: `${name}: UNKNOWN (${area.failure.code})`,
        loud: true,
      };
    case 'hidden': {
      const { fr, en } = amount(area.realBytes);
      return revealed
        ? { fr: `${name} : trouvée et ouverte, ${fr} en tout`, en: `${name}: found and opened, ${en} in all` }
        : {
            fr: `${name} : CACHE des données, ${fr} en tout`,
            en: `${name}: HIDES data, ${en} in all`,
            loud: true,
          };
    }
  }
}

function nvmeHidden({
  namespaces,
  nsid,
  unallocatedBytes,
}: Extract<DriveCapabilities, { interface: 'nvme' }>): Line[] {
  const others = namespaces.filter((each) => each.nsid !== nsid).length;
  const free = unallocatedBytes === null ? null : amount(unallocatedBytes);
  return [
    {
      fr: `espaces de noms en plus de celui-ci : ${others}`,
      en: `namespaces besides this one: ${others}`,
      loud: others > 0,
    },
    free
      ? { fr: `sans espace de noms : ${free.fr}`, en: `without a namespace: ${free.en}` }
      : { fr: 'sans espace de noms : INCONNU', en: 'without a namespace: UNKNOWN', loud: true },
  ];
}
