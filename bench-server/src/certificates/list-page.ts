import type { CertificateRow } from '../db/schema.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';
import { moment, pager } from '../pages/parts.ts';
import { marks } from './facts.ts';
import type { CertificateLine } from './queries.ts';

export type ListView = {
  certificates: CertificateLine[];
  more: boolean;
  wishes: { outcome: string | null; decision: CertificateRow['decision'] | null; page: number };
};

export function certificateListPage(frame: Frame, { certificates, more, wishes }: ListView): PageContent {
  const { say } = frame;
  const choice = (value: string, text: string, chosen: string | null): Html =>
    html`<option value="${value}" ${(chosen ?? '') === value ? html`selected` : null}>${text}</option>`;
  const body = html` <form class="filter" method="get" action="/certificates" role="search">
      <label
        >${say('Résultat', 'Outcome')}
        <select name="outcome">
          ${choice('', say('tous', 'all'), wishes.outcome)}
          ${choice('done', say('effacé', 'sanitized'), wishes.outcome)}
          ${choice('failed', say('échec', 'failed'), wishes.outcome)}
          ${choice('unknown', say('inconnu', 'unknown'), wishes.outcome)}
        </select></label
      >
      <label
        >${say('Décision', 'Decision')}
        <select name="decision">
          ${choice('', say('toutes', 'all'), wishes.decision)}
          ${choice('pending', say('à valider', 'to validate'), wishes.decision)}
          ${choice('approved', say('validé', 'validated'), wishes.decision)}
          ${choice('rejected', say('rejeté', 'rejected'), wishes.decision)}
        </select></label
      >
      <button class="button">${say('Filtrer', 'Filter')}</button>
    </form>
    ${
      certificates.length === 0
        ? html`<p class="empty">${say('Aucun certificat ici.', 'No certificate here.')}</p>`
        : html`<ul class="rows">
            ${certificates.map((each) => certificateItem(frame, each))}
          </ul>`
    }
    ${pager(frame, wishes.page, more)}`;
  return { title: say('Certificats', 'Certificates'), here: 'certificates', body };
}

function certificateItem(frame: Frame, line: CertificateLine): Html {
  const { id, label, mode, issuedAt, machineId } = line;
  return html`<li>
    <a class="row certificate ${mode === 'rehearsal' ? 'hatched' : ''}" href="/certificates/${id}">
      <span class="what"><strong>${said(label, 80)}</strong><span class="quiet">${machineId}</span></span>
      <span class="marks">${marks(frame, line)}</span>
      <span class="when quiet">${moment(frame, issuedAt)}</span></a
    >
  </li>`;
}
