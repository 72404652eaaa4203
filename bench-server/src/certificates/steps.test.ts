import { type Certificate, type EvidenceV2, type ObservationsV2, verifyDocument } from '@rebond/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { openLaptop } from '../../../test-fixtures/laptops.ts';
import { pageTexts } from '../../../test-fixtures/pdf-tools.ts';
import { HOSTILE, recordBytes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { signedSteps } from '../../../test-fixtures/step-certificates.ts';
import {
  EXAMPLES,
  type PlanWishes,
  seenPerfectly,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { certificatePdf } from './pdf.ts';

let house: House;
let lead: Visitor;
beforeAll(async () => {
  house = await openHouse();
  lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
});
afterAll(() => house.close());

type Attempt = { wishes: PlanWishes; see?: (perfect: ObservationsV2) => ObservationsV2 };

/** A laptop on which these were carried out one after the other; the machine's page, and its certificates. */
async function carriedOut(...attempts: Attempt[]) {
  const laptop = await openLaptop(house.url, await house.benchCode());
  const steps = (sessionId: string): EvidenceV2[] =>
    attempts.map(({ wishes, see = (perfect) => perfect }) => {
      const plan = stepPlan({ ...wishes, change: { sessionId, planId: crypto.randomUUID() } });
      return stepEvidence(plan, wishes.means, see(seenPerfectly(plan)));
    });
  const sent = await submit(house.url, await recordBytes(laptop, { mode: 'real', steps }));
  expect(sent.status).toBe(201);
  const page = (await lead.get(`/machines/${laptop.machineId}?lang=fr`)).text;
  const ids = [
    ...new Set(Array.from(page.matchAll(/certificates\/([0-9a-f-]{36})\.json/g), ([, id]) => id!)),
  ];
  const certificates = await Promise.all(
    ids.map(async (id) => {
      const { bytes } = await lead.get(`/api/certificates/${id}.json`);
      const verdict = await verifyDocument(bytes, null);
      if (verdict.kind !== 'certificate') throw new Error('not a certificate');
      return verdict.certificate;
    }),
  );
  return { page: words(page), certificates };
}

const words = (page: string): string => page.replace(/<[^>]+>/g, ' ').replace(/[\s\u202f\u00a0]+/g, ' ');
const pageOf = async ({ certificateId }: Certificate, lang: 'fr' | 'en'): Promise<string> =>
  words((await lead.get(`/certificates/${certificateId}?lang=${lang}`)).text);

describe('a record of version 3', () => {
  it('gets certificates of version 2, which say step by step what was seen, in both languages', async () => {
    const { certificates, page } = await carriedOut(
      { wishes: EXAMPLES['thawed, unlocked, revealed, enhanced erase'] },
      { wishes: EXAMPLES['NVMe sanitize, then overwrite and full read-back'] },
    );
    expect(certificates.map(({ schema, outcome }) => [schema, outcome])).toEqual([
      ['rebond.certificate/2', 'done'],
      ['rebond.certificate/2', 'done'],
    ]);
    const [erased, both] = certificates as [Certificate, Certificate];
    const french = await pageOf(erased, 'fr');
    for (const said of [
      'EFFACÉ — DÉCLARÉ PAR LE DISQUE',
      'Vérification « déclaré par le disque »',
      'HPA : trouvée et ouverte, 500 000 000 000 octets (500,0 Go) en tout',
      '1. dégel n’est plus gelé',
      '3. ouverture d’une zone cachée — HPA 480 000 000 000 octets (480,0 Go), puis 500 000 000 000 octets',
      '5. effacement par le disque — ATA SECURITY ERASE, renforcé commande acceptée ; le disque déclare la réussite',
      '2 000 endroits relus : 0 inchangés, 0 illisibles ; 37 étaient déjà vides avant',
      '1, toutes dans le JSON, empreinte : sha256:',
      'Politique best (version 1)',
    ]) {
      expect(french).toContain(said);
    }
    const english = await pageOf(both, 'en');
    for (const said of [
      'SANITIZED AND VERIFIED — DONE',
      'Verification read back in full',
      '4. overwrite — keyed stream written: all, 256,000,000,000 bytes',
      '5. read-back — the whole drive read back, equal: all, 256,000,000,000 bytes',
      'namespaces besides this one: 0',
    ]) {
      expect(english).toContain(said);
    }
    expect(page).toContain('relu en entier');
  });

  it('gets one certificate for each drive, for the last attempt on it; the record shows them all', async () => {
    const refused = (perfect: ObservationsV2): ObservationsV2 => ({
      ...perfect,
      steps: perfect.steps
        .slice(0, 2)
        .map((step) => (step.kind === 'firmware' ? { ...step, accepted: 'refused' } : step)),
    });
    const { certificates, page } = await carriedOut(
      { wishes: EXAMPLES['NVMe sanitize, samples'], see: refused },
      { wishes: EXAMPLES['overwrite, sampled'] },
    );
    expect(certificates).toHaveLength(1);
    expect(certificates[0]).toMatchObject({
      outcome: 'done',
      method: { technique: 'overwrite', levelRequested: 'purge', levelAchieved: 'clear' },
      verification: { kind: 'sampled-read-back' },
      record: { drive: 1 },
    });
    expect(page).toContain('Tentative suivie d’une autre sur ce disque');
    expect(page).toContain('commande REFUSÉE');
    expect(page).toContain('3. comparaison après effacement NON commencé');
    const certificate = await pageOf(certificates[0]!, 'fr');
    expect(certificate).toContain('Vérification relu par échantillon');
    expect(certificate).toContain('le reste n’a pas été relu');
    expect(certificate).toContain('5e5e5e5e');
  });

  it('that failed gets a certificate that says where, and only how it was to be verified', async () => {
    const spoilt = (perfect: ObservationsV2): ObservationsV2 => ({
      ...perfect,
      steps: perfect.steps
        .slice(0, 2)
        .map((step) =>
          step.kind === 'overwrite'
            ? { ...step, bad: { count: 2, offsets: [4096, 8192], code: 'EIO' } }
            : step,
        ),
    });
    const wishes = EXAMPLES['hidden area, overwrite, full read-back'];
    const { certificates } = await carriedOut({ wishes, see: spoilt });
    expect(certificates[0]).toMatchObject({ outcome: 'failed', method: { levelAchieved: 'none' } });
    const page = await pageOf(certificates[0]!, 'fr');
    expect(page).toContain('ÉCHEC');
    expect(page).toContain('secteurs NON écrits : 2 (EIO), aux octets 4096, 8192');
    expect(page).toContain('Vérification prévue relu en entier');
  });

  it('keeps what a drive said harmless on every page', async () => {
    const hostile = (perfect: ObservationsV2): ObservationsV2 => ({
      ...perfect,
      steps: perfect.steps.map((step) =>
        step.kind === 'firmware' ? { ...step, stateBefore: HOSTILE, stateAfter: HOSTILE } : step,
      ),
    });
    const means: PlanWishes['means'] = {
      outcome: 'failed',
      failure: { code: 'nonsense', source: HOSTILE, detail: HOSTILE },
    };
    const wishes = { ...EXAMPLES['NVMe sanitize, samples'], means };
    const { certificates } = await carriedOut({ wishes, see: hostile });
    const { text } = await lead.get(`/certificates/${certificates[0]!.certificateId}?lang=fr`);
    expect(text).not.toMatch(/<script>|<img/);
    // oxlint-disable-next-line no-control-regex -- naming them is the purpose
    expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
    expect(text).toContain('⟨U+202E⟩');
  });
});

describe('the PDF of a certificate of version 2', () => {
  const text = async (wishes: PlanWishes, see?: Attempt['see']): Promise<string> => {
    const plan = stepPlan(wishes);
    const seen = seenPerfectly(plan);
    const pdf = await certificatePdf(
      await signedSteps(stepEvidence(plan, wishes.means, see?.(seen) ?? seen)),
    );
    return (await pageTexts(pdf)).join(' ').replace(/[\s\u202f\u00a0]+/g, ' ');
  };

  it('says what the headline rests on, the steps, the means, the hidden areas, the seed and the commands', async () => {
    const said = await text(EXAMPLES['thawed, unlocked, revealed, enhanced erase']);
    for (const each of [
      'EFFACÉ — DÉCLARÉ PAR LE DISQUE',
      'SANITIZED — REPORTED BY THE DRIVE',
      'rien de ce qui a été relu ne le contredit',
      'Ce qui a été fait, étape par étape',
      'What was done, step by step',
      'ATA Security : SEC1, effacement renforcé',
      'HPA : trouvée et ouverte',
      'n’est plus verrouillé',
      '5e5e5e5e5e5e5e5e',
      'le disque déclare la réussite',
      'ni écrit ni relu par l’outil',
      'toutes dans le JSON, empreinte',
      'best (version 1)',
    ]) {
      expect(said).toContain(each);
    }
    expect(said).not.toContain('EFFACÉ ET VÉRIFIÉ');
  });

  it('never says of a drive that was not asked that nothing is hidden', async () => {
    const means: PlanWishes['means'] = {
      outcome: 'failed',
      failure: { code: 'timed-out', source: 'hdparm -I', detail: '' },
    };
    const { technique, target } = EXAMPLES['hidden area, overwrite, full read-back'];
    const [, ...steps] = EXAMPLES['hidden area, overwrite, full read-back'].steps;
    const said = await text({ technique, target, means, steps });
    expect(said).toContain('NON lus (timed-out, hdparm -I)');
    expect(said).toContain('PAS cherchées');
    expect(said).toContain('hidden areas (HPA, DCO, AMA) were not looked for');
  });
});
