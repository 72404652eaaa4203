import { createHash } from 'node:crypto';
import { canonicalBytes, type CertificateV2 } from '@rebond/protocol';
import type { Line } from './step-text.ts';

/** How many commands the drive was given, and the SHA-256 of their list as the signed document has it (RFC 8785). */
export function commandLines({ total, list }: CertificateV2['verification']['commands']): Line[] {
  if (total === 0) {
    return [{ fr: 'aucune en dehors des lectures et écritures', en: 'none besides reads and writes' }];
  }
  const digest = `sha256:${createHash('sha256').update(canonicalBytes(list)).digest('hex')}`;
  const cut = list.length < total;
  return [
    {
      fr: `${total}, ${cut ? `dont les ${list.length} premières` : 'toutes'} dans le JSON, empreinte :`,
      en: `${total}, ${cut ? `the first ${list.length} of them` : 'all of them'} in the JSON, digest:`,
    },
    { fr: digest, en: digest, code: true },
  ];
}
