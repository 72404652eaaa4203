import { createHash } from 'node:crypto';
import { canonicalBytes, type CertificateV2, type Phrase } from '@rebond/protocol';

/** How many commands the drive was given, and the digest of their list as the signed document has it (RFC 8785). */
export function commandWords({ total, list }: CertificateV2['verification']['commands']): Phrase {
  if (total === 0)
    return { fr: 'aucune en dehors des lectures et écritures', en: 'none besides reads and writes' };
  const digest = `sha256:${createHash('sha256').update(canonicalBytes(list)).digest('hex')}`;
  const [fr, en] =
    list.length < total
      ? [`, les ${list.length} premières dans le JSON`, `, the first ${list.length} in the JSON`]
      : ['', ''];
  return { fr: `${total}${fr} ; ${digest}`, en: `${total}${en}; ${digest}` };
}
