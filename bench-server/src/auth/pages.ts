import type { Refusal } from '../refusals.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';

/** Two ways in: a one-time code, or a name and its passphrase. */
export function signInPage(frame: Frame, refused: Refusal | null): PageContent {
  const { say, phrase } = frame;
  const body = html` ${refused ? html`<p class="notice bad" role="alert">${phrase(refused)}</p>` : null}
    <div class="pair">
      <form class="card" method="post" action="/sign-in">
        ${formToken(frame)}
        <h2>${say('Avec un code', 'With a code')}</h2>
        <p class="quiet">
          ${say(
            'Affiché au démarrage du serveur, ou donné par le responsable. Il ne sert qu’une fois.',
            'Shown when the server starts, or given by the lead. It works once.',
          )}
        </p>
        ${field('code', say('Code', 'Code'), html`autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="64" class="code-input"`)}
        <button class="button">${say('Entrer', 'Enter')}</button>
      </form>
      <form class="card" method="post" action="/sign-in">
        ${formToken(frame)}
        <h2>${say('Avec une phrase secrète', 'With a passphrase')}</h2>
        ${field('name', say('Nom', 'Name'), html`autocomplete="username" maxlength="80"`)}
        ${field('passphrase', say('Phrase secrète', 'Passphrase'), html`type="password" autocomplete="current-password" maxlength="256"`)}
        <button class="button">${say('Entrer', 'Enter')}</button>
      </form>
    </div>`;
  return { title: say('Se connecter', 'Sign in'), here: null, body, scripts: ['sign-in.js'] };
}

export function field(name: string, label: string, attributes: Html): Html {
  return html`<label class="field"
    ><span>${label}</span><input name="${name}" required ${attributes}
  /></label>`;
}
