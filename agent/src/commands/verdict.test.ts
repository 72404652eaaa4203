import { envelopeBytes, type TrustFile, verifyDocument } from '@rebond/protocol';
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
import { signedDestruction } from '../../../test-fixtures/destructions.ts';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { factsOf, verdictLines } from './verdict.ts';

async function told(bytes: Uint8Array, trust: TrustFile | null) {
  const verdict = await verifyDocument(bytes, trust);
  const lines = verdictLines(verdict, 'sha256:0');
  return { lines, text: lines.join('\n'), facts: factsOf(verdict) };
}

async function toldOf({ envelopeBytes, certificate: { issuer } }: SignedCertificate) {
  const anchors = [{ workshop: issuer.workshop, publicKey: issuer.publicKey }];
  return await told(envelopeBytes, { schema: 'rebond.trust/1', anchors });
}

describe('what an intact document says', () => {
  it('begins with a rejection and its reason, and keeps the finding of the tool below', async () => {
    const { lines, text, facts } = await toldOf(await rejectedReal());
    const why = 'Étiquette et numéro de série se contredisent.';
    expect(lines.slice(0, 4)).toEqual([
      '✗ Rejeté par le responsable',
      '  Rejected by the lead',
      `  Motif / Reason  ${why}`,
      '✓ Valide : intact, et signé par une clé de votre fichier de confiance.',
    ]);
    expect(text).toMatch(/Décision \/ Decision +REJETÉ par le responsable \/ REJECTED by the lead/);
    expect(text).toMatch(/Constat \/ Finding +effacé et vérifié \/ sanitized and verified/);
    expect(facts).toMatchObject({ decision: 'rejected', why, outcome: 'done' });
  });

  it('shows a hostile reason harmless', async () => {
    const { lines } = await toldOf(await doneReal(rejectedFor('\u001b[2J\n✓ Valide\u202e')));
    expect(lines[2]).toBe('  Motif / Reason  ⟨U+001B⟩[2J ¶ ✓ Valide⟨U+202E⟩');
  });

  it('says what a valid document says of a failure, after the rejection if there is one', async () => {
    const { lines } = await toldOf(await failedReal());
    expect(lines[0]).toBe('✗ Rejeté par le responsable');
    expect(lines.slice(3, 5)).toEqual([
      '✗ Le document est valide ; il dit : ÉCHEC',
      '  The document is valid; it says: FAILED',
    ]);
    const { envelopeBytes: bytes } = await failedReal();
    expect((await told(bytes, null)).text).toContain('✗ Le document est intact ; il dit : ÉCHEC');
  });

  it('says that an outcome is unknown', async () => {
    const { lines, facts } = await toldOf(await unknownReal());
    expect(lines[0]).toMatch(/^✗ Le document est valide ; il dit : INCONNU/);
    expect(facts).toMatchObject({ decision: 'pending', outcome: 'unknown' });
  });

  it('tells pending from approved, and a rehearsal from both', async () => {
    const [pending, approved] = [await toldOf(await pendingReal()), await toldOf(await doneReal())];
    expect(pending.facts).toMatchObject({ decision: 'pending' });
    expect(pending.text).toContain('pas encore validé par une personne / not yet validated by a person');
    expect(approved.facts).toMatchObject({ decision: 'approved' });
    expect(approved.facts).not.toHaveProperty('why');
    expect(approved.text).toContain('validé par le responsable / validated by the lead');
    expect(approved.text).not.toMatch(/\bdone\b|✗|Rejeté/);
    expect((await toldOf(await doneRehearsal())).lines[0]).toBe('!! RÉPÉTITION / REHEARSAL !!');
  });

  it('names a record’s outcomes and grade in words', async () => {
    const made = await makeWorkshop();
    const { text } = await told(envelopeBytes((await sampleRecord(made)).envelope), made.trust);
    expect(text).toMatch(/Document +fiche \/ record/);
    expect(text).toMatch(/Résultat \/ Outcome +effacé et vérifié|aucun effacement/);
    expect(text).toMatch(/Note \/ Grade +\S/);
  });

  it('says of a destruction, before its validity, that persons stated it and nobody saw it', async () => {
    const { envelopeBytes: bytes, certificate } = await signedDestruction();
    const { workshop, publicKey } = certificate.issuer;
    const trust: TrustFile = { schema: 'rebond.trust/1', anchors: [{ workshop, publicKey }] };
    const { lines, text, facts } = await told(bytes, trust);
    expect(lines[0]).toMatch(/^! DÉCLARÉ PAR DES PERSONNES — l’outil n’a pas vu cette destruction/);
    expect(lines[1]).toMatch(/^ {2}STATED BY PERSONS — the tool did not see this destruction/);
    for (const words of ['broyage / shredding (DIN 66399 H-5)', 'Témoin 1', 'BSD-2026-031', 'SN-TEST-0003']) {
      expect(text).toContain(words);
    }
    expect(facts).toMatchObject({ outcome: 'stated', level: 'destroy', verification: 'stated-by-persons' });
    expect(text).not.toMatch(/vérifié|verified/);
  });
});
