import { CODE_MINUTES } from '../auth/codes.ts';
import type { ImageState } from '../images/open.ts';
import { imageSection } from '../images/pages.ts';
import { codeCommand } from '../pages/command.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { moment } from '../pages/parts.ts';
import { KEYBOARDS } from './config.ts';
import type { StickLine } from './queries.ts';

export function sticksPage(
  frame: Frame,
  sticks: readonly StickLine[],
  image: ImageState,
  handed: { code: string; server: string } | null,
): PageContent {
  const { say } = frame;
  const subtitle = html`<form method="post" action="/sticks/code">
    ${formToken(frame)}<button class="button big">${say('Nouvelle clé USB', 'New stick')}</button>
  </form>`;
  const body = html` ${handed ? pairing(frame, handed) : null} ${configForm(frame)}
    <p>
      ${say(
        'Une clé appairée peut se porter garante d’un ordinateur sans réseau. Ce qu’elle garantit reste non confirmé jusqu’à votre décision.',
        'A paired stick can vouch for a laptop without network. What it vouches for stays unconfirmed until you decide.',
      )}
    </p>
    ${
      sticks.length === 0
        ? html`<p class="empty">${say('Aucune clé appairée.', 'No stick is paired.')}</p>`
        : html`<ul class="rows">
            ${sticks.map((stick) => stickItem(frame, stick))}
          </ul>`
    }
    ${imageSection(frame, image)}`;
  return { title: say('Clés USB', 'Sticks'), here: 'sticks', subtitle, body };
}

/** A form without scripts: what it sends back is a file, and the page stays. */
function configForm(frame: Frame): Html {
  const { say, language, workshop } = frame;
  return html`<section class="card" aria-labelledby="config">
    <h2 id="config">${say('Fichier pour une clé', 'File for a stick')}</h2>
    <p>
      ${say(
        'Téléchargez config.json et mettez-le dans le dossier rebond de la clé, à la place de celui qui y est. Il contient l’adresse de ce serveur, l’empreinte de sa clé et l’atelier',
        'Download config.json and put it into the folder rebond of the stick, in place of the one that is there. It has the address of this server, the pin of its key and the workshop',
      )}
      <code>${workshop.ref.id}</code>.
    </p>
    <p>
      ${say(
        `Son code d’appairage sert une seule fois, pour une seule clé, dans les ${CODE_MINUTES} minutes : démarrez un ordinateur avec la clé avant. Passé ce délai, la clé marche encore, sans être appairée ; refaites alors ce fichier.`,
        `Its pairing code works once, for one stick, within ${CODE_MINUTES} minutes: start a laptop from the stick before that. After it the stick still works, without being paired; make the file anew then.`,
      )}
    </p>
    <form method="post" action="/sticks/config" class="narrow">
      ${formToken(frame)}
      <label class="field"
        ><span>${say('Poste (facultatif)', 'Bench (optional)')}</span
        ><input name="bench" maxlength="80" autocomplete="off"
      /></label>
      <label class="field"
        ><span>${say('Langue', 'Language')}</span
        ><select name="language">
          ${option('fr', 'Français', language === 'fr')} ${option('en', 'English', language === 'en')}
        </select></label
      >
      <label class="field"
        ><span>${say('Clavier des ordinateurs', 'Keyboard of the laptops')}</span
        ><select name="keyboard">
          ${Object.entries(KEYBOARDS).map(([name, [fr, en]]) =>
            option(name, say(fr, en), name === (language === 'fr' ? 'fr' : 'us')),
          )}
        </select></label
      >
      <button class="button">${say('Télécharger config.json', 'Download config.json')}</button>
    </form>
  </section>`;
}

function option(value: string, words: string, chosen: boolean): Html {
  return html`<option value="${value}" ${chosen ? html`selected` : null}>${words}</option>`;
}

function pairing(frame: Frame, { code, server }: { code: string; server: string }): Html {
  const { say } = frame;
  return html`<section class="card attention" role="status">
    <h2>${say('Code d’appairage', 'Pairing code')}</h2>
    <p class="code">${code}</p>
    <p>${say('Une seule fois, dans les', 'Once, within')} ${CODE_MINUTES} ${say('minutes.', 'minutes.')}</p>
    ${codeCommand(frame, 'pair', server)}
  </section>`;
}

function stickItem(frame: Frame, { publicKey, pairedAt, pairedBy, revokedAt }: StickLine): Html {
  const { say } = frame;
  return html`<li class="row stick">
    <code class="fingerprint">${publicKey}</code>
    <span class="quiet">${said(pairedBy, 60)} · ${moment(frame, pairedAt)}</span>
    <span class="actions"
      >${
        revokedAt
          ? html`<span class="badge alert">${say('Révoquée', 'Revoked')} ${moment(frame, revokedAt)}</span>`
          : html`<form method="post" action="/sticks/revoke">
              ${formToken(frame)}<input type="hidden" name="publicKey" value="${publicKey}" /><button
                class="button danger"
                aria-label="${say('Révoquer la clé', 'Revoke the stick')} ${publicKey.slice(0, 8)}"
              >
                ${say('Révoquer', 'Revoke')}
              </button>
            </form>`
      }</span
    >
  </li>`;
}
