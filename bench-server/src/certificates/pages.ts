import type { Certificate } from '@rebond/protocol';
import type { CertificateRow } from '../db/schema.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';
import { rehearsalBanner } from '../pages/parts.ts';
import { limits, machineFacts, marks, mediaFacts, methodFacts, peopleFacts, verification } from './facts.ts';
import { caveatOf, type Mood, moodOf, verdictMeaning, verdictWords } from './pdf-verdict.ts';
import { reasonList } from './reasons.ts';

/** The same facts as the document, and how to verify it without this server. */
export function certificatePage(frame: Frame, row: CertificateRow, certificate: Certificate): PageContent {
  const { say } = frame;
  const body = html` ${rehearsalBanner(frame, certificate.mode, certificate.notice)}
    ${row.supersededBy ? html`<p class="notice bad">${say('Ce certificat a été remplacé par', 'This certificate was replaced by')} <a href="/certificates/${row.supersededBy}">${say('un plus récent', 'a newer one')}</a>.</p>` : null}
    ${verdict(frame, row, certificate)}
    <div class="pair">
      <section class="card">
        <h2>${say('Le support', 'The media')}</h2>
        ${mediaFacts(frame, certificate)}
      </section>
      <section class="card">
        <h2>${say('La machine', 'The machine')}</h2>
        ${machineFacts(frame, certificate)}
      </section>
    </div>
    <section class="card">
      <h2>${say('La méthode et ce qui a été vu', 'The method and what was seen')}</h2>
      ${methodFacts(frame, certificate)}
    </section>
    ${limits(frame, certificate)}
    <div class="pair">
      <section class="card">
        <h2>${say('Qui, quand', 'Who, when')}</h2>
        ${peopleFacts(frame, certificate)}
      </section>
      <section class="card">
        <h2>${say('Vérifier sans ce serveur', 'Verify without this server')}</h2>
        ${verification(frame, certificate)}
      </section>
    </div>`;
  return { title: say('Certificat', 'Certificate'), here: 'certificates', body };
}

/** How `style.css` calls a document's mood. */
const LOOKS: Readonly<Record<Mood, string>> = {
  rejected: 'failed',
  rehearsal: 'rehearsal',
  done: 'done',
  failed: 'failed',
  unknown: 'unknown',
};

/** What the document says first, as its PDF does: a rejection with its reason, else the outcome. */
function verdict(frame: Frame, { id }: CertificateRow, certificate: Certificate): Html {
  const { say, phrase } = frame;
  const { mode, outcome, validation } = certificate;
  const caveat = caveatOf(certificate);
  return html`<section class="card verdict ${LOOKS[moodOf(certificate)]}">
    <h2>${phrase(verdictWords(certificate))}</h2>
    ${validation.decision === 'rejected' ? html`<p><strong>${say('Motif :', 'Reason:')} ${said(validation.why, 600)}</strong></p>` : null}
    ${caveat ? html`<p><strong>${phrase(caveat)}</strong></p>` : null}
    <p>${phrase(verdictMeaning(certificate))}</p>
    ${reasonList(frame, certificate.reasons)}
    <p>${marks(frame, { mode, outcome, decision: validation.decision }, certificate.verification.kind)}</p>
    <p class="downloads">
      <a class="button" href="/api/certificates/${id}.pdf" download
        >${say('Télécharger le PDF', 'Download the PDF')}</a
      >
      <a class="button second" href="/api/certificates/${id}.json" download
        >${say('Document signé (JSON)', 'Signed document (JSON)')}</a
      >
    </p>
  </section>`;
}
