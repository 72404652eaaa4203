import { certificateFileName, type Clock } from '@rebond/protocol';
import Pdf from 'pdfkit';
import { gapOf, PAGE, paginate, type Piece } from './pdf-layout.ts';
import { drawFurniture, frameOf, type Furniture } from './pdf-page.ts';
import { type Document, Pen } from './pdf-pen.ts';

/** What a document on paper is called, when it was issued, and the SHA-256 of what is attached to it. */
export type Paper = { title: string; issuedAt: Clock; digest: string };

/** A PDF/A-3b with a signed envelope attached, byte for byte. The same input gives the same bytes. */
export async function makePdf(
  paper: Paper,
  furniture: Furniture,
  envelopeBytes: Uint8Array,
  pieces: (pen: Pen) => readonly Piece[],
): Promise<Buffer> {
  const doc = blankDocument(paper);
  const finished = bytesOf(doc);
  attach(doc, furniture.id, paper.issuedAt, envelopeBytes);
  const pen = new Pen(doc);
  drawPages(pen, furniture, pieces(pen));
  pen.finish();
  doc.end();
  return await finished;
}

/** Dates and title come from the certificate alone, and pdfkit derives the file's id from them. */
function blankDocument({ title, issuedAt, digest }: Paper): Document {
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
      Title: title,
      Creator: 'Rebond',
      Producer: 'Rebond (PDFKit)',
      Keywords: `sha256:${digest}`,
      CreationDate: new Date(issuedAt.wall),
    },
  });
}

function attach(doc: Document, id: string, issuedAt: Clock, bytes: Uint8Array): void {
  const date = new Date(issuedAt.wall);
  const options = {
    name: `${certificateFileName(id)}.json`,
    type: 'application/json',
    description: 'Certificat signé (DSSE) / Signed certificate (DSSE)',
    creationDate: date,
    modifiedDate: date,
    relationship: 'Source',
  };
  doc.file(Buffer.from(bytes), options);
}

function drawPages(pen: Pen, furniture: Furniture, pieces: readonly Piece[]): void {
  const { top, bottom } = frameOf(furniture);
  const pages = paginate(pieces, bottom - top);
  for (const [index, page] of pages.entries()) {
    pen.doc.addPage();
    drawFurniture(pen, furniture, index + 1, pages.length);
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
