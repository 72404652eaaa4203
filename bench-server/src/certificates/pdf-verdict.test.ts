import { REHEARSAL_NOTICE } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  doneReal,
  doneRehearsal,
  failedReal,
  pendingReal,
  rejectedFor,
  rejectedReal,
  type SignedCertificate,
  unknownReal,
} from '../../../test-fixtures/certificates.ts';
import { pageTexts, type WordBox, wordBoxes } from '../../../test-fixtures/pdf-tools.ts';
import { bandOf, documentTitle, moodOf, verdictOf, verdictWords, watermarkOf } from './pdf-verdict.ts';
import { certificatePdf } from './pdf.ts';

async function read(signed: SignedCertificate) {
  const pdf = await certificatePdf(signed);
  const pages = (await pageTexts(pdf)).map((text) => text.replace(/\s+/g, ' '));
  // The XMP packet stands uncompressed in the file, in UTF-8.
  const title = /<rdf:li xml:lang="x-default">([^<]*)</.exec(pdf.toString('utf8'))?.[1];
  return { pdf, pages, first: pages[0] ?? '', title };
}

const heightOf = ({ top, bottom }: WordBox): number => bottom - top;

describe('a rejected certificate', () => {
  it('says so in the place of the outcome and on every page, with the reason', async () => {
    const { pages, first, title } = await read(await rejectedReal());
    expect(first).toContain('REJETÉ PAR LE RESPONSABLE REJECTED BY THE LEAD');
    expect(first).toContain('Motif / Reason — Étiquette et numéro de série se contredisent.');
    expect(first).toContain('Constat de l’outil : effacé et vérifié');
    for (const text of pages) {
      // Two bands, and the footer.
      expect(text.split('REJETÉ PAR LE RESPONSABLE').length).toBeGreaterThanOrEqual(4);
      expect(text.split('REJECTED BY THE LEAD').length).toBeGreaterThanOrEqual(4);
      expect(text).not.toMatch(/EFFACÉ ET VÉRIFIÉ|SANITIZED AND VERIFIED/);
    }
    expect(title).toMatch(/^REJETÉ PAR LE RESPONSABLE — .* REJECTED BY THE LEAD — /);
  });

  it('shows what the tool found, and its level, smaller than the rejection', async () => {
    const boxes = (await wordBoxes((await read(await rejectedReal())).pdf)).filter(({ page }) => page === 1);
    const tallest = (word: string) =>
      Math.max(...boxes.filter((box) => box.word === word).map((box) => heightOf(box)));
    const headline = tallest('RESPONSABLE');
    expect(tallest('vérifié')).toBeLessThan(headline / 2);
    expect(tallest('CLEAR')).toBeLessThan(headline / 2);
  });

  it('is one before all else, whatever the tool found', async () => {
    for (const make of [rejectedReal, failedReal]) {
      const { certificate } = await make();
      expect([verdictOf(certificate), moodOf(certificate)]).toEqual(['rejected', 'rejected']);
      expect(watermarkOf(certificate)).toEqual({ fr: 'REJETÉ', en: 'REJECTED' });
    }
  });

  it('still says on every page that it is a rehearsal, where it is one', async () => {
    const signed = await doneRehearsal(rejectedFor('Exercice à refaire.'));
    const { pages, first, title } = await read(signed);
    expect(moodOf(signed.certificate)).toBe('rejected');
    expect(first).toContain('RÉPÉTITION : REJETÉ PAR LE RESPONSABLE');
    for (const text of pages) {
      expect(text.split(`REJETÉ — ${REHEARSAL_NOTICE.fr}`).length).toBe(3);
      expect(text.split(`REJECTED — ${REHEARSAL_NOTICE.en}`).length).toBe(3);
    }
    expect(title).toMatch(/^RÉPÉTITION : REJETÉ/);
  });
});

describe('a certificate that nobody has validated', () => {
  it('keeps its outcome, and says directly beneath that it is the tool’s alone', async () => {
    const { pages, first } = await read(await pendingReal());
    // poppler reads the frame's two columns in turns.
    expect(first).toMatch(
      /EFFACÉ ET VÉRIFIÉ.{0,200}Constat de l’outil, pas encore validé par une personne.{0,40}Finding of the tool, not yet validated by a person Technique menée/,
    );
    for (const text of pages) expect(text).toContain('— non validé / not validated');
    const approved = (await read(await doneReal())).pages.join(' ');
    expect(approved).not.toMatch(/pas encore validé|not yet validated|non validé/);
  });
});

describe('the first words', () => {
  it('of a rehearsal are RÉPÉTITION: in the frame, in the footer, in the title', async () => {
    const signed = await doneRehearsal();
    const { pages, title } = await read(signed);
    expect(verdictWords(signed.certificate).fr).toMatch(/^RÉPÉTITION : /);
    expect(verdictWords(signed.certificate).en).toMatch(/^REHEARSAL: /);
    for (const text of pages) expect(text).toContain('RÉPÉTITION : EXERCICE RÉUSSI / REHEARSAL: EXERCISE');
    expect(title).toMatch(/^RÉPÉTITION : .* \/ REHEARSAL: /);
  });

  it('of a failed or unknown one that nobody rejected are its outcome', async () => {
    const pending = await failedReal((certificate) => ({
      ...certificate,
      validation: { decision: 'pending' },
    }));
    const { pages } = await read(pending);
    for (const text of pages) expect(text).toContain('FAILED — treat this drive as NOT SANITIZED');
    expect(documentTitle(pending.certificate)).toMatch(/^ÉCHEC — /);
    expect(bandOf((await unknownReal()).certificate)?.fr).toMatch(/^INCONNU — /);
    expect(bandOf((await doneReal()).certificate)).toBeNull();
  });
});
