import type { Frame } from './frame.ts';
import { html, type Html, said } from './html.ts';

type Place =
  | 'bench'
  | 'machines'
  | 'certificates'
  | 'quarantine'
  | 'refused'
  | 'people'
  | 'sticks'
  | 'shells'
  | 'account'
  | 'docs';

export type PageContent = {
  title: string;
  here: Place | null;
  body: Html;
  subtitle?: Html;
  scripts?: readonly string[];
};

/** A whole page: the house around one room. */
export function page(frame: Frame, { title, here, body, subtitle, scripts = [] }: PageContent): string {
  const { language, say, workshop } = frame;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Rebond</title>
        <link rel="icon" href="/static/rebond.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/style.css" />
        ${scripts.map((name) => html`<script src="/static/${name}" defer></script>`)}
      </head>
      <body>
        <a class="skip" href="#content">${say('Aller au contenu', 'Skip to content')}</a>
        <header class="top">
          <a class="brand" href="/">${MARK}<span>Rebond</span></a>
          <span class="workshop">${said(workshop.ref.name, 60)}</span>
          ${frame.person ? navigation(frame, here) : null}
          <div class="tools">${languageSwitch(frame)}${frame.person ? signOut(frame) : null}</div>
        </header>
        <main id="content" tabindex="-1">
          <div class="title">
            <h1>${title}</h1>
            ${subtitle ?? null}
          </div>
          ${body}
        </main>
        ${footer(frame)}
      </body>
    </html>`.text;
}

const MARK = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path
    d="M3 9c4 0 6 14 9 14s4-9 8-9 4 5 9 5"
    fill="none"
    stroke="currentColor"
    stroke-width="3"
    stroke-linecap="round"
  />
  <path d="M3 28h26" stroke="currentColor" stroke-width="2" stroke-linecap="round" opacity=".45" />
</svg>`;

function navigation({ say, person }: Frame, here: Place | null): Html {
  const link = (place: Place, href: string, text: string): Html =>
    html`<li><a href="${href}" ${here === place ? html`aria-current="page"` : null}>${text}</a></li>`;
  return html`<nav aria-label="${say('Pages', 'Pages')}">
    <ul>
      ${link('bench', '/', say('L’atelier', 'Workshop'))}
      ${link('machines', '/machines', say('Machines', 'Machines'))}
      ${link('certificates', '/certificates', say('Certificats', 'Certificates'))}
      ${link('quarantine', '/quarantine', say('Quarantaine', 'Quarantine'))}
      ${
        person?.role === 'admin'
          ? [
              link('refused', '/refused', say('Refusés', 'Refused')),
              link('people', '/people', say('Équipe', 'People')),
              link('sticks', '/sticks', say('Clés USB', 'Sticks')),
              link('shells', '/shells', say('Consoles', 'Shells')),
            ]
          : null
      }
    </ul>
  </nav>`;
}

function languageSwitch({ language, here }: Frame): Html {
  const to = (code: string, name: string): Html =>
    language === code
      ? html`<span aria-current="true" lang="${code}">${name}</span>`
      : html`<a
          href="${here.path}?${new URLSearchParams({ ...here.query, lang: code }).toString()}"
          lang="${code}"
          hreflang="${code}"
          >${name}</a
        >`;
  return html`<span class="languages">${to('fr', 'Français')} ${to('en', 'English')}</span>`;
}

function signOut(frame: Frame): Html {
  return html`<a class="who" href="/account">${said(frame.person?.name, 40)}</a>
    <form method="post" action="/sign-out">
      ${formToken(frame)}<button class="plain">${frame.say('Se déconnecter', 'Sign out')}</button>
    </form>`;
}

/** Every form that changes something carries it. */
export function formToken({ csrf }: Frame): Html {
  return html`<input type="hidden" name="_csrf" value="${csrf}" />`;
}

function footer({ say, workshop, pin }: Frame): Html {
  return html`<footer class="foot">
    <p>
      ${say('Atelier', 'Workshop')} <code>${workshop.ref.id}</code> ·
      ${say('empreinte de sa clé', 'fingerprint of its key')}
      <code class="fingerprint">${workshop.anchorId}</code>
    </p>
    <p>
      ${say(
        'Une empreinte lue ici ne prouve rien à elle seule : comparez-la par un autre chemin (papier, téléphone) avant de vous fier au fichier de confiance.',
        'A fingerprint read here proves nothing by itself: compare it by another way (paper, telephone) before you rely on the trust file.',
      )} <a href="/api/trust" download>${say('Fichier de confiance', 'Trust file')}</a> ·
      <a href="/api/docs">${say('Interface pour programmes', 'Interface for programs')}</a>
    </p>
    ${pin ? html`<p>${say('Clé HTTPS', 'HTTPS key')} <code class="fingerprint">${pin}</code></p>` : null}
  </footer>`;
}
