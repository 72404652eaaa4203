import type { Frame } from '../pages/frame.ts';
import { html, type Html } from '../pages/html.ts';
import { formToken } from '../pages/layout.ts';
import type { RecordLine } from '../records/queries.ts';

export function unconfirmedNotice(frame: Frame, { unconfirmed, decision, digest }: RecordLine): Html | null {
  const { say, person } = frame;
  if (!unconfirmed || decision) return null;
  return html`<section class="card attention">
    <h2>${say('Fiche non confirmée', 'Unconfirmed record')}</h2>
    <p>
      ${say(
        'Aucun serveur n’a vu cette session s’ouvrir sur cette machine : seule une clé USB, ou la session suivante, s’en porte garante. Ses certificats ne sont émis qu’après la décision du responsable.',
        'No server saw this session open on this machine: only a stick, or the session after it, vouches for it. Its certificates are issued only after the lead’s decision.',
      )}
    </p>
    ${person?.role === 'admin' ? decisionForm(frame, `/records/${digest}/decision`, 'record') : null}
  </section>`;
}

/** Approve, or reject with a reason. Works without scripts; the reason is asked for by the server too. */
export function decisionForm(frame: Frame, action: string, key: string): Html {
  const { say } = frame;
  return html`<div class="decide">
    <form method="post" action="${action}">
      ${formToken(frame)}<button class="button" name="decision" value="approved">
        ${say('Valider le constat', 'Validate the finding')}
      </button>
    </form>
    <details>
      <summary>${say('Rejeter…', 'Reject…')}</summary>
      <form method="post" action="${action}">
        ${formToken(frame)}
        <label class="field" for="why-${key}"
          ><span>${say('Raison du rejet', 'Reason for the rejection')}</span></label
        >
        <textarea id="why-${key}" name="why" required maxlength="4000" rows="3"></textarea>
        <button class="button danger" name="decision" value="rejected">${say('Rejeter', 'Reject')}</button>
      </form>
    </details>
  </div>`;
}
