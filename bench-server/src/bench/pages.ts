import { CODE_MINUTES } from '../auth/codes.ts';
import { machineList } from '../machines/lines.ts';
import type { MachineLine } from '../machines/queries.ts';
import { codeCommand } from '../pages/command.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { moment } from '../pages/parts.ts';
import { plural } from '../pages/units.ts';
import type { SessionLine } from '../sessions/queries.ts';
import type { Glance } from './queries.ts';

export type BenchView = { glance: Glance; machines: MachineLine[]; sessions: SessionLine[]; now: Date };

export function benchPage(frame: Frame, view: BenchView): PageContent {
  const { say } = frame;
  const subtitle = html`<form method="post" action="/bench/code">
    ${formToken(frame)} <button class="button big">${say('Nouvel ordinateur', 'New laptop')}</button>
  </form>`;
  const body = html`<div
      id="live"
      data-live="/glance"
      data-stale="${say(
        'Sans nouvelles du serveur : ces chiffres peuvent dater.',
        'No news from the server: these figures may be old.',
      )}"
    >
      ${benchView(frame, view)}
    </div>
    <p id="live-state" class="quiet" role="status"></p>`;
  return { title: say('L’atelier', 'The workshop'), here: 'bench', subtitle, body, scripts: ['live.js'] };
}

/** The part that renews itself. */
export function benchView(frame: Frame, { glance, machines, sessions }: BenchView): Html {
  const { say } = frame;
  return html` <section aria-labelledby="today">
      <h2 id="today">${say('Aujourd’hui', 'Today')}</h2>
      <dl class="tiles">
        ${tile(frame, glance.machines, ['machine', 'machines'], ['machine', 'machines'])}
        ${tile(frame, glance.records, ['fiche reçue', 'fiches reçues'], ['record received', 'records received'])}
        ${tile(frame, glance.done, ['disque effacé', 'disques effacés'], ['drive sanitized', 'drives sanitized'], 'done')}
        ${tile(frame, glance.failed, ['échec', 'échecs'], ['failed', 'failed'], glance.failed ? 'failed' : '')}
        ${tile(frame, glance.unknown, ['inconnu', 'inconnus'], ['unknown', 'unknown'], glance.unknown ? 'unknown' : '')}
        ${tile(frame, glance.rehearsals, ['répétition', 'répétitions'], ['rehearsal', 'rehearsals'], 'rehearsal')}
      </dl>
    </section>
    ${attention(frame, glance)}
    <section aria-labelledby="latest">
      <h2 id="latest">${say('Dernières machines', 'Latest machines')}</h2>
      ${machineList(frame, machines)}
      ${machines.length > 0 ? html`<p><a href="/machines">${say('Toutes les machines', 'All machines')}</a></p>` : null}
    </section>
    <section aria-labelledby="sessions">
      <h2 id="sessions">${say('Sessions ouvertes', 'Open sessions')}</h2>
      ${sessionList(frame, sessions)}
    </section>`;
}

type Forms = readonly [one: string, many: string];

function tile(frame: Frame, count: number, fr: Forms, en: Forms, mood = ''): Html {
  return html`<div class="tile ${mood}">
    <dt>${plural(frame, count, fr, en)}</dt>
    <dd>${count}</dd>
  </div>`;
}

/** What waits for a person; silent when nothing does. */
function attention(
  frame: Frame,
  { unconfirmed, toValidate, refused, quarantined, seenAgain }: Glance,
): Html | null {
  const { say, person } = frame;
  const line = (count: number, href: string | null, fr: Forms, en: Forms): Html | null => {
    if (count === 0) return null;
    const words = html`<strong>${count}</strong> ${plural(frame, count, fr, en)}`;
    return html`<li>${href ? html`<a href="${href}">${words}</a>` : words}</li>`;
  };
  const lines = [
    line(
      seenAgain,
      '/quarantine',
      ['disque vu après sa destruction', 'disques vus après leur destruction'],
      ['drive seen after its destruction', 'drives seen after their destruction'],
    ),
    line(
      unconfirmed,
      '/machines?state=unconfirmed',
      ['fiche non confirmée à regarder', 'fiches non confirmées à regarder'],
      ['unconfirmed record to look at', 'unconfirmed records to look at'],
    ),
    line(
      toValidate,
      '/certificates?decision=pending',
      ['certificat à valider', 'certificats à valider'],
      ['certificate to validate', 'certificates to validate'],
    ),
    line(
      refused,
      person?.role === 'admin' ? '/refused' : null,
      ['envoi refusé, à regarder par le responsable', 'envois refusés, à regarder par le responsable'],
      ['refused submission, for the lead to look at', 'refused submissions, for the lead to look at'],
    ),
    line(
      quarantined,
      '/quarantine',
      ['disque en quarantaine', 'disques en quarantaine'],
      ['drive in quarantine', 'drives in quarantine'],
    ),
  ];
  if (lines.every((each) => each === null)) return null;
  return html`<section class="card attention" aria-labelledby="attention">
    <h2 id="attention">${say('À regarder', 'Needs a look')}</h2>
    <ul>
      ${lines}
    </ul>
  </section>`;
}

function sessionList(frame: Frame, sessions: readonly SessionLine[]): Html {
  const { say } = frame;
  if (sessions.length === 0) {
    return html`<p class="empty">
      ${say(
        'Aucune. « Nouvel ordinateur » donne le code à taper sur la machine.',
        'None. “New laptop” gives the code to type on the machine.',
      )}
    </p>`;
  }
  return html`<ul class="rows">
    ${sessions.map(
      ({ bench, technician, machineId, issuedAt, notAfter, journalAt }) =>
        html`<li class="row session">
          <strong>${said(bench, 40)}</strong><span>${said(technician, 40)}</span>
          <a href="/machines/${machineId}"><code>${machineId}</code></a>
          <span class="quiet"
            >${moment(frame, issuedAt)} →
            ${moment(frame, notAfter)}${journalAt ? journalKept(frame, journalAt) : null}</span
          >
        </li>`,
    )}
  </ul>`;
}

/** What came of the session so far is on this server's disk. */
function journalKept(frame: Frame, at: string): Html {
  const { say } = frame;
  return html` · ${say('journal gardé, dernière ligne', 'journal kept, last line')} ${moment(frame, at)}`;
}

/** The code for one laptop, large enough to be read from the next table. */
export function codePage(frame: Frame, code: string, server: string): PageContent {
  const { say } = frame;
  const body = html`<section class="card narrow centred">
    <p>
      ${say('À taper sur l’ordinateur, une seule fois, dans les', 'To type on the laptop, once, within')}
      ${CODE_MINUTES} ${say('minutes :', 'minutes:')}
    </p>
    <p class="code" id="code">${code}</p>
    <p class="quiet">
      ${say(
        'Majuscules ou minuscules, avec ou sans tirets ; les mêmes touches en AZERTY et en QWERTY.',
        'Capitals or not, with or without hyphens; the same keys on AZERTY and QWERTY.',
      )}
    </p>
    ${codeCommand(frame, 'session', server)}
    <p><a class="button" href="/">${say('Revenir à l’atelier', 'Back to the workshop')}</a></p>
  </section>`;
  return { title: say('Nouvel ordinateur', 'New laptop'), here: 'bench', body };
}
