import type { Phrase } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  doneReal,
  doneRehearsal,
  failedReal,
  pendingReal,
  rejectedFor,
  rejectedReal,
  type SignedCertificate,
} from '../../../test-fixtures/certificates.ts';
import type { CertificateRow } from '../db/schema.ts';
import type { Frame } from '../pages/frame.ts';
import { certificateListPage } from './list-page.ts';
import { certificatePage } from './pages.ts';

function frameIn(language: 'fr' | 'en'): Frame {
  const say = (fr: string, en: string): string => (language === 'fr' ? fr : en);
  const workshop = { anchorId: 'sha256:0', ref: { id: 'atelier-essai', name: 'Atelier d’essai' } };
  return {
    language,
    say,
    phrase: ({ fr, en }: Phrase) => say(fr, en),
    workshop,
    here: { path: '/certificates', query: {} },
  } as unknown as Frame;
}

function rowOf({ certificate }: SignedCertificate): CertificateRow {
  const { certificateId: id, mode, outcome, validation, issuedAt, machine } = certificate;
  const row = { id, mode, outcome, decision: validation.decision, supersededBy: null };
  return {
    ...row,
    issuedAt: issuedAt.wall,
    machineId: machine.ref.id,
    label: 'TEST SSD',
  } as unknown as CertificateRow;
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');

function page(signed: SignedCertificate, language: 'fr' | 'en' = 'fr'): string {
  return flat(certificatePage(frameIn(language), rowOf(signed), signed.certificate).body.text);
}

function list(signed: SignedCertificate, language: 'fr' | 'en' = 'fr'): string {
  const wishes = { outcome: null, decision: null, page: 1 };
  const view = { certificates: [rowOf(signed)], more: false, wishes };
  return flat(certificateListPage(frameIn(language), view).body.text).replace(/.*<ul class="rows">/, '');
}

describe('a rejected certificate', () => {
  it('says so first on its page, with the reason, and then what the tool found', async () => {
    const text = page(await rejectedReal());
    expect(text).toContain('<section class="card verdict failed"> <h2>REJETÉ PAR LE RESPONSABLE</h2>');
    expect(text).toMatch(/Motif : <bdi>Étiquette et numéro.*Constat de l’outil : effacé et vérifié/);
    expect(text).toContain('Niveau selon l’outil (rejeté)');
    expect(text).not.toMatch(/chip done|EFFACÉ ET VÉRIFIÉ|Niveau atteint/);
    expect(page(await rejectedReal(), 'en')).toMatch(/REJECTED BY THE LEAD.*Reason: /);
  });

  it('says so first in the list', async () => {
    const text = list(await rejectedReal());
    expect(text).toMatch(/chip failed.*REJETÉ<\/span ?>.*Constat de l’outil : effacé et vérifié/);
    expect(text).not.toContain('chip done');
    expect(list(await failedReal(), 'en')).toMatch(/REJECTED<\/span ?>.*Finding of the tool: failed/);
  });

  it('shows a hostile reason harmless', async () => {
    const text = page(await doneReal(rejectedFor('<script>alert(1)</script>\u202e')));
    expect(text).toContain('&#60;script&#62;');
    expect(text).not.toContain('<script>');
  });

  it('keeps RÉPÉTITION at the front where it is a rehearsal', async () => {
    const signed = await doneRehearsal(rejectedFor('Exercice à refaire.'));
    expect(page(signed)).toContain('<h2>RÉPÉTITION : REJETÉ PAR LE RESPONSABLE</h2>');
    expect(list(signed)).toMatch(/REJETÉ<\/span ?>.*badge rehearsal/);
  });
});

describe('a certificate that is not rejected', () => {
  it('shows its outcome, and that nobody has validated it as long as nobody has', async () => {
    const pending = page(await pendingReal());
    expect(pending).toContain('<section class="card verdict done"> <h2>EFFACÉ ET VÉRIFIÉ</h2>');
    expect(pending).toContain('Constat de l’outil, pas encore validé par une personne');
    expect(page(await doneReal())).not.toContain('pas encore validé');
    expect(list(await doneReal())).toMatch(/chip done.*badge good/);
  });
});
