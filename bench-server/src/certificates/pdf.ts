import {
  type Certificate,
  canonicalBytes,
  CERTIFICATE_TYPE,
  certificateFileName,
  isOpened,
  openBytes,
  ProtocolError,
  sameBytes,
  sha256Hex,
} from '@rebond/protocol';
import Pdf from 'pdfkit';
import { outcomePiece, titlePiece } from './pdf-head.ts';
import { gapOf, PAGE, paginate, type Piece } from './pdf-layout.ts';
import { drawFurniture, frameOf } from './pdf-page.ts';
import { type Document, Pen } from './pdf-pen.ts';
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
  const doc = blankDocument(certificate, digest);
  const finished = bytesOf(doc);
  attach(doc, certificate, envelopeBytes);
  const pen = new Pen(doc);
  drawPages(pen, certificate, [
    titlePiece(pen, certificate, digest),
    outcomePiece(pen, certificate),
    ...reasonPieces(pen, certificate),
    workSection(pen, certificate),
    ...stepPieces(pen, certificate),
    ...notCoveredPieces(pen, certificate),
    peopleSection(pen, certificate),
    tracesSection(pen, certificate),
    verifySection(pen, certificate, digest, keyId),
  ]);
  pen.finish();
  doc.end();
  return await finished;
}

/** A view of something else than what is attached would be a forgery. */
function checkView({ envelopeBytes, certificate, keyId }: CertificateView): void {
  const opened = openBytes(envelopeBytes);
  if (!isOpened(opened, CERTIFICATE_TYPE)) throw new ProtocolError('unknown-type', opened.type);
  if (!sameBytes(canonicalBytes(opened.payload), canonicalBytes(certificate))) {
    throw new ProtocolError('laws-disagree', 'certificate');
  }
  if (opened.envelope.signatures[0]?.keyid !== keyId) throw new ProtocolError('wrong-key', keyId);
}

/** Dates and title come from the certificate alone, and pdfkit derives the file's id from them. */
function blankDocument(certificate: Certificate, digest: string): Document {
  return new Pdf({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    tagged: true,
    lang: 'fr',
    displayTitle: true,
    info: {
      Title: documentTitle(certificate),
      Creator: 'Rebond',
      Producer: 'Rebond (PDFKit)',
      Keywords: `sha256:${digest}`,
      CreationDate: new Date(certificate.issuedAt.wall),
    },
  });
}

function attach(doc: Document, { certificateId, issuedAt }: Certificate, bytes: Uint8Array): void {
  const date = new Date(issuedAt.wall);
  const options = {
    name: `${certificateFileName(certificateId)}.json`,
    type: 'application/json',
    description: 'Certificat signé (DSSE) / Signed certificate (DSSE)',
    creationDate: date,
    modifiedDate: date,
    relationship: 'Source',
  };
  doc.file(Buffer.from(bytes), options);
}

function drawPages(pen: Pen, certificate: Certificate, pieces: readonly Piece[]): void {
  const { top, bottom } = frameOf(certificate);
  const pages = paginate(pieces, bottom - top);
  for (const [index, page] of pages.entries()) {
    pen.doc.addPage();
    drawFurniture(pen, certificate, index + 1, pages.length);
    let y = top;
    for (const [place, piece] of page.entries()) {
      if (place > 0) y += gapOf(piece);
      piece.draw(y);
      y += piece.height;
    }
  }
}

async function bytesOf(doc: Document): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
