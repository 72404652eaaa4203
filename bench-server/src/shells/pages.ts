import { CODE_MINUTES } from '../auth/codes.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { moment } from '../pages/parts.ts';
import { plural } from '../pages/units.ts';
import type { OpeningLine } from './queries.ts';

type View = { code: string | null; openings: readonly OpeningLine[]; refused: number };

export function shellsPage(frame: Frame, { code, openings, refused }: View): PageContent {
  const { say } = frame;
  const subtitle = html`<form method="post" action="/shells/code">
    ${formToken(frame)}<button class="button big">${say('Code pour une console', 'Code for a shell')}</button>
  </form>`;
  const body = html` ${code ? handedOver(frame, code) : null}
    <p>
      ${say(
        'Une console donne tous les droits sur un ordinateur démarré avec Rebond. Elle ne s’ouvre qu’avec un code à usage unique d’un responsable, et chaque ouverture reste inscrite ici.',
        'A shell gives every right on a laptop that Rebond started. It opens only with a lead’s single-use code, and each opening stays written down here.',
      )}
    </p>
    ${
      refused > 0
        ? html`<p class="quiet">
            <strong>${refused}</strong>
            ${plural(frame, refused, ['demande refusée', 'demandes refusées'], ['request refused', 'requests refused'])}
            ${say('jusqu’ici : le journal du serveur dit quand et pourquoi.', 'so far: the server’s log says when and why.')}
          </p>`
        : null
    }
    ${
      openings.length === 0
        ? html`<p class="empty">${say('Aucune console n’a été ouverte.', 'No shell was opened.')}</p>`
        : html`<ul class="rows">
            ${openings.map((opening) => openingItem(frame, opening))}
          </ul>`
    }`;
  return { title: say('Consoles', 'Shells'), here: 'shells', subtitle, body };
}

function handedOver({ say }: Frame, code: string): Html {
  return html`<section class="card attention" role="status">
    <h2>${say('Code pour une console', 'Code for a shell')}</h2>
    <p class="code">${code}</p>
    <p>
      ${say('Une seule fois, dans les', 'Once, within')} ${CODE_MINUTES} ${say('minutes.', 'minutes.')}
      ${say(
        'À taper vous-même sur l’ordinateur : qui le connaît a tous les droits dessus.',
        'Type it on the laptop yourself: whoever knows it has every right there.',
      )}
    </p>
  </section>`;
}

function openingItem(frame: Frame, opening: OpeningLine): Html {
  const { say } = frame;
  const { lead, bench, machineId, sessionId, address, grantedAt } = opening;
  return html`<li class="row session">
    <strong>${said(lead, 60)}</strong>
    <span
      >${moment(frame, grantedAt)} · ${said(bench, 40)} · ${say('depuis', 'from')} ${said(address, 64)}</span
    >
    <a href="/machines/${machineId}"><code>${machineId}</code></a>
    <span class="quiet">${say('Session', 'Session')} <code class="fingerprint">${sessionId}</code></span>
  </li>`;
}
