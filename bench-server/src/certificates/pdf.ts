import {
  type Certificate,
  canonicalBytes,
  CERTIFICATE_TYPE,
  isOpened,
  openBytes,
  ProtocolError,
  sameBytes,
  sha256Hex,
} from '@rebond/protocol';
import { outcomePiece, titlePiece } from './pdf-head.ts';
import { makePdf } from './pdf-make.ts';
import { furnitureOf } from './pdf-page.ts';
import { peopleSection } from './pdf-people.ts';
import { documentTitle } from './pdf-verdict.ts';
import { tracesSection, verifySection } from './pdf-traces.ts';
import { notCoveredPieces, reasonPieces, stepPieces, workSection } from './pdf-sections.ts';

/** The signed envelope as it is stored, the certificate that it holds, and the id (`sha256:…`) of the key that signed it. */
export type CertificateView = { envelopeBytes: Uint8Array; certificate: Certificate; keyId: string };

/**
 * The PDF view of a signed certificate: PDF/A-3b with the envelope's exact bytes attached. The same input gives the
 * same bytes. The signature is not checked here.
 * @throws ProtocolError when the envelope does not hold this certificate or names another key
 */
export async function certificatePdf(view: CertificateView): Promise<Buffer> {
  checkView(view);
  const { certificate, envelopeBytes, keyId } = view;
  const digest = await sha256Hex(envelopeBytes);
  const paper = { title: documentTitle(certificate), issuedAt: certificate.issuedAt, digest };
  return await makePdf(paper, furnitureOf(certificate), envelopeBytes, (pen) => [
    titlePiece(pen, TITLE, certificate, digest),
    outcomePiece(pen, certificate),
    ...reasonPieces(pen, certificate),
    workSection(pen, certificate),
    ...stepPieces(pen, certificate),
    ...notCoveredPieces(pen, certificate),
    peopleSection(pen, certificate),
    tracesSection(pen, certificate),
    verifySection(pen, certificate, digest, keyId),
  ]);
}

const TITLE = { fr: 'Certificat d’effacement', en: 'Certificate of sanitization' };

/** A view of something else than what is attached would be a forgery. */
function checkView({ envelopeBytes, certificate, keyId }: CertificateView): void {
  const opened = openBytes(envelopeBytes);
  if (!isOpened(opened, CERTIFICATE_TYPE)) throw new ProtocolError('unknown-type', opened.type);
  if (!sameBytes(canonicalBytes(opened.payload), canonicalBytes(certificate))) {
    throw new ProtocolError('laws-disagree', 'certificate');
  }
  if (opened.envelope.signatures[0]?.keyid !== keyId) throw new ProtocolError('wrong-key', keyId);
}
