import { type Certificate, certificateFileName, type Phrase } from '@rebond/protocol';
import { type Piece, type Row, section, table, WHOLE } from './pdf-layout.ts';
import type { Pen } from './pdf-pen.ts';
import { code, say } from './pdf-values.ts';

/** Part of the width that the names take in these tables. */
const SHARE = 0.27;

const VIEW: Phrase = {
  fr: 'Ce PDF n’est qu’une vue. Fait foi le JSON signé qui y est joint ; son empreinte (celle du QR) :',
  en: 'This PDF is only a view. What counts is the signed JSON attached to it; its digest (that of the QR):',
};
const CUT: Phrase = {
  fr: 'Les textes qui finissent par … sont coupés dans cette vue, entiers dans le JSON.',
  en: 'Texts that end with … are cut in this view, whole in the JSON.',
};
const ANCHOR: Phrase = {
  fr: 'TRUST.json porte la clé de l’atelier. Obtenez-la par une autre voie que ce document.',
  en: 'TRUST.json holds the key of the workshop. Get it by another way than this document.',
};
const LIMIT: Phrase = {
  fr: 'La signature prouve qui a émis ce document et qu’il n’a pas changé ; rien de plus.',
  en: 'The signature proves who issued this document and that it has not changed; nothing more.',
};

/** The documents that this certificate rests on, by their digests. */
export function tracesSection(pen: Pen, { record, supersedes }: Certificate): Piece {
  const drive = `n° ${record.drive}`;
  const rows: Row[] = [
    {
      label: { fr: 'Relevé signé', en: 'Signed record' },
      value: [code(`${record.recordId}  disque ${drive} / drive ${drive}`)],
    },
    { label: { fr: 'SHA-256 du relevé', en: 'of the record' }, value: [code(record.sha256)] },
    { label: { fr: 'Session', en: 'Session' }, value: [code(record.sessionId)] },
    {
      label: { fr: 'SHA-256 du journal', en: 'of the journal' },
      value: [code(record.journalSha256)],
    },
  ];
  if (supersedes) {
    rows.push({ label: { fr: 'Remplace', en: 'Replaces certificate' }, value: [code(supersedes)] });
  }
  return section(pen, { fr: 'Traces', en: 'Records behind it' }, WHOLE, table(pen, rows, WHOLE, SHARE));
}

/** How to verify without trusting this page; made last, to know whether a text was cut. `digest` is the SHA-256 of the attachment. */
export function verifySection(
  pen: Pen,
  { certificateId }: Pick<Certificate, 'certificateId'>,
  digest: string,
  keyId: string,
): Piece {
  const file = `${certificateFileName(certificateId)}.json`;
  const rows: Row[] = [
    {
      label: { fr: 'Document signé', en: 'Signed document' },
      value: [...say(VIEW), code(`sha256:${digest}`), ...(pen.hasCut ? say(CUT) : [])],
    },
    {
      label: { fr: 'Commandes', en: 'Commands' },
      value: [code('pdfdetach -saveall CERTIFICAT.pdf'), code(`rebond verify --trust TRUST.json ${file}`)],
    },
    {
      label: { fr: 'Clé de l’émetteur', en: 'Key of the issuer' },
      value: [code(keyId), ...say(ANCHOR), ...say(LIMIT)],
    },
  ];
  const title = { fr: 'Vérifier sans nous croire', en: 'Verify without trusting us' };
  return section(pen, title, WHOLE, table(pen, rows, WHOLE, SHARE));
}
