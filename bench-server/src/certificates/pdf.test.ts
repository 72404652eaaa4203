import { REHEARSAL_NOTICE, sha256Hex } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  doneReal,
  doneRehearsal,
  failedReal,
  pendingReal,
  rejectedReal,
  type SignedCertificate,
  unknownReal,
} from '../../../test-fixtures/certificates.ts';
import { attachments, fonts, pageTexts, qrText, structureCheck } from '../../../test-fixtures/pdf-tools.ts';
import { certificatePdf } from './pdf.ts';

const makers = { doneReal, doneRehearsal, failedReal, unknownReal, rejectedReal, pendingReal };

/** Text without the line breaks and narrow spaces of the page. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

async function pagesOf(signed: SignedCertificate): Promise<string[]> {
  return (await pageTexts(await certificatePdf(signed))).map(flat);
}

describe.each(Object.entries(makers))('the PDF of %s', (_, make) => {
  it('is whole, embeds its fonts, and gives back the exact bytes that were signed', async () => {
    const signed = await make();
    const pdf = await certificatePdf(signed);
    expect(await structureCheck(pdf)).toContain('No syntax or stream encoding errors found');
    const used = await fonts(pdf);
    expect(used.map(({ name }) => name.slice(7)).sort()).toEqual([
      'DejaVuSans',
      'DejaVuSans-Bold',
      'DejaVuSansMono',
    ]);
    expect(used.every(({ embedded }) => embedded)).toBe(true);
    const [file, ...others] = await attachments(pdf);
    expect(others).toEqual([]);
    expect(file?.name).toBe(`rebond-${signed.certificate.certificateId}.json`);
    expect(file?.bytes.equals(signed.envelopeBytes)).toBe(true);
  });

  it('carries a QR code with the digest of those bytes', async () => {
    const signed = await make();
    const digest = await sha256Hex(signed.envelopeBytes);
    expect(await qrText(await certificatePdf(signed))).toBe(
      `REBOND1 ${signed.certificate.certificateId} sha256:${digest}`,
    );
  });

  it('numbers its pages and names the certificate on each', async () => {
    const signed = await make();
    const pages = await pagesOf(signed);
    expect(pages.length).toBe(make === doneReal ? 1 : 2);
    for (const [index, text] of pages.entries()) {
      expect(text).toContain(signed.certificate.certificateId);
      expect(text).toContain(`page ${index + 1} / ${pages.length}`);
    }
  });

  it('is the same for the same input', async () => {
    const signed = await make();
    expect((await certificatePdf(signed)).equals(await certificatePdf(signed))).toBe(true);
  });

  it('says that it is PDF/A-3b, tagged, in French, with the JSON as its source', async () => {
    const bytes = (await certificatePdf(await make())).toString('latin1');
    expect(bytes).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(bytes).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    for (const entry of [
      '/S /GTS_PDFA1',
      '/AFRelationship /Source',
      '/Lang (fr)',
      '/Marked true',
      '/Alt (REBOND1',
    ]) {
      expect(bytes).toContain(entry);
    }
  });
});

describe('what the pages say', () => {
  it('names drive, machine, method, evidence, people and key in both languages', async () => {
    const signed = await doneReal();
    const text = (await pagesOf(signed)).join(' ');
    const { certificate, keyId } = signed;
    for (const word of [
      'EFFACÉ ET VÉRIFIÉ',
      'SANITIZED AND VERIFIED — DONE',
      'CLEAR',
      certificate.method.clause,
      'TEST SSD 500G',
      'SN-TEST-0001',
      'naa.5002538e40a1b2c3',
      '500 107 862 016 octets (500,1 Go)',
      '500,107,862,016 bytes (500.1 GB)',
      'LT-TEST-0001',
      'rebond-agent 0.1.0',
      'confirmé par le disque',
      'Ce qui n’est PAS couvert',
      'What is NOT covered',
      'Technicien 1',
      'APPROUVÉ',
      'Responsable 1',
      'horloge de la machine, non vérifiée',
      'clock of the machine, not verified',
      certificate.record.sha256,
      certificate.record.journalSha256,
      keyId,
      `rebond verify --trust TRUST.json rebond-${certificate.certificateId}.json`,
      'Obtenez-la par une autre voie que ce document.',
    ]) {
      expect(text).toContain(word);
    }
  });

  it('says on every page of a rehearsal that it is one, above and below, and never claims a level', async () => {
    const pages = await pagesOf(await doneRehearsal());
    for (const text of pages) {
      expect(text.split(REHEARSAL_NOTICE.fr).length).toBeGreaterThanOrEqual(3);
      expect(text.split(REHEARSAL_NOTICE.en).length).toBeGreaterThanOrEqual(3);
    }
    expect(pages[0]).toContain('RÉPÉTITION : EXERCICE RÉUSSI');
    expect(pages[0]).toContain('REHEARSAL: EXERCISE DONE');
    expect(pages[0]).toContain('AUCUN / NONE');
  });

  it('takes a document with a notice for a rehearsal, whatever its mode', async () => {
    const signed = await doneReal((certificate) => ({ ...certificate, notice: REHEARSAL_NOTICE }));
    expect((await pagesOf(signed))[0]).toContain('RÉPÉTITION : EXERCICE RÉUSSI');
  });

  it('is loud about a failure: where, why, and who rejected it', async () => {
    const pages = await pagesOf(await failedReal());
    for (const text of pages) {
      expect(text).toContain('REJECTED BY THE LEAD — treat this drive as NOT SANITIZED');
    }
    const text = pages.join(' ');
    expect(text).toContain('Constat de l’outil : échec');
    expect(text).toContain('3, aux octets 4096, 8192000, 734003200');
    expect(text).toContain('EIO @ 912680550400');
    expect(text).toContain('La relecture ne retrouve pas ce qui a été écrit');
    expect(text).toContain('MOINS QUE DEMANDÉ / LESS THAN REQUESTED');
    expect(text).toContain('Clause NON atteinte / NOT met');
    expect(text).toContain('REJETÉ / REJECTED');
    expect(text).toContain('Trois secteurs diffèrent');
  });

  it('never lets an unknown outcome pass for a success, and says that nobody has validated it', async () => {
    const text = (await pagesOf(await unknownReal())).join(' ');
    expect(text).toContain('INCONNU — À TRAITER COMME NON EFFACÉ');
    expect(text).toContain('UNKNOWN — TREAT AS NOT SANITIZED');
    expect(text).not.toContain('EFFACÉ ET VÉRIFIÉ');
    expect(text).toContain('EN PARTIE, 412 316 860 416 octets');
    expect(text).toContain('NON confirmé');
    expect(text).toContain('Le disque a cessé de répondre');
    expect(text).toContain('Aucune personne n’a encore validé ce résultat.');
    expect(text).toContain('No person has validated this result yet.');
  });
});

describe('a view of something else', () => {
  it('is refused when the certificate is not the one in the envelope', async () => {
    const [failed, done] = [await failedReal(), await doneReal()];
    await expect(certificatePdf({ ...failed, certificate: done.certificate })).rejects.toMatchObject({
      code: 'laws-disagree',
    });
  });

  it('is refused when the envelope was signed by another key', async () => {
    const [one, other] = [await doneReal(), await doneReal()];
    await expect(certificatePdf({ ...one, keyId: other.keyId })).rejects.toMatchObject({ code: 'wrong-key' });
  });
});
