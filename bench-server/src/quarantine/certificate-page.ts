import { certificateFileName, type DestructionCertificate, DESTRUCTION_METHODS } from '@rebond/protocol';
import { labelFact, machineFacts } from '../certificates/facts.ts';
import { LEVELS, MEDIA } from '../certificates/pdf-names.ts';
import { reasonList } from '../certificates/reasons.ts';
import { clauseWords } from '../pages/foreign.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';
import { clock, facts } from '../pages/parts.ts';
import { bytes } from '../pages/units.ts';
import { seenAgainNotice } from './drive-page.ts';
import { destructionWords } from './pdf.ts';
import { CAUSES } from './words.ts';

/** The same facts as the document, and how to verify it without this server. */
export function destructionPage(
  frame: Frame,
  certificate: DestructionCertificate,
  seenAgain: string | null,
): PageContent {
  const { say, phrase, workshop } = frame;
  const { certificateId: id, notice, quarantine } = certificate;
  const file = `${certificateFileName(id)}.json`;
  const body = html`
    ${seenAgain ? seenAgainNotice(frame, seenAgain) : null}
    <section class="card verdict stated">
      <h2>${phrase(destructionWords(certificate))}</h2>
      <p><strong>${phrase(notice)}</strong></p>
      <p class="downloads">
        <a class="button" href="/api/destructions/${id}.pdf" download
          >${say('Télécharger le PDF', 'Download the PDF')}</a
        >
        <a class="button second" href="/api/destructions/${id}.json" download
          >${say('Document signé (JSON)', 'Signed document (JSON)')}</a
        >
      </p>
    </section>
    <div class="pair">
      <section class="card">
        <h2>${say('Le support', 'The media')}</h2>
        ${mediaFacts(frame, certificate)}
      </section>
      <section class="card">
        <h2>${say('Ce qui est déclaré', 'What is stated')}</h2>
        ${statedFacts(frame, certificate)}
      </section>
    </div>
    <div class="pair">
      <section class="card">
        <h2>${say('Pourquoi en quarantaine', 'Why in quarantine')}</h2>
        <p>${phrase(CAUSES[quarantine.cause])}</p>
        ${reasonList(frame, quarantine.reasons)}
        ${quarantine.earlier ? html`<p><a href="/certificates/${quarantine.earlier}">${say('Certificat de ce qui a été essayé', 'Certificate of what was tried')}</a></p>` : null}
      </section>
      <section class="card">
        <h2>${say('Vu en dernier dans', 'Seen last in')}</h2>
        ${machineFacts(frame, certificate)}
      </section>
    </div>
    <section class="card">
      <h2>${say('Vérifier sans ce serveur', 'Verify without this server')}</h2>
      <p><code>npm run -s rebond -- verify --trust rebond-trust-${workshop.ref.id}.json ${file}</code></p>
    </section>
  `;
  return { title: say('Certificat de destruction', 'Certificate of destruction'), here: 'quarantine', body };
}

function mediaFacts(frame: Frame, { media }: DestructionCertificate): Html {
  const { say, phrase } = frame;
  return facts([
    [say('Modèle', 'Model'), said(media.identity.model)],
    [say('Numéro de série', 'Serial'), said(media.identity.serial)],
    labelFact(frame, media.identity),
    media.label ? [say('Étiquette lue', 'Label as read'), said(media.label, 40)] : null,
    ['WWID', said(media.identity.wwid)],
    [say('Sorte', 'Kind'), phrase(MEDIA[media.medium])],
    [say('Taille', 'Size'), bytes(frame, media.sizeBytes)],
  ]);
}

function statedFacts(frame: Frame, { destruction }: DestructionCertificate): Html {
  const { say, phrase } = frame;
  const { method, fragments, level, clause, on, place, witness, slip, statedBy, statedAt } = destruction;
  return facts([
    [
      say('Méthode', 'Method'),
      html`${phrase(DESTRUCTION_METHODS[method])} ${fragments ? `(DIN 66399 ${fragments})` : null}`,
    ],
    [say('Niveau déclaré', 'Stated level'), html`<strong>${phrase(LEVELS[level])}</strong>`],
    [say('Fondement', 'Clause'), clauseWords(frame, clause)],
    [say('Jour', 'Day'), on],
    [say('Lieu ou entreprise', 'Place or company'), said(place, 200)],
    [say('Témoin', 'Witness'), said(witness, 200)],
    [say('Bordereau', 'Slip'), said(slip, 200)],
    [say('Déclaré par', 'Stated by'), html`${said(statedBy.name, 60)}, ${clock(frame, statedAt)}`],
  ]);
}
