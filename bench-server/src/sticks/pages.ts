import { CODE_MINUTES } from '../auth/codes.ts';
import type { ImageState } from '../images/open.ts';
import { imageSection } from '../images/pages.ts';
import { codeCommand } from '../pages/command.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { moment } from '../pages/parts.ts';
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
  const body = html` ${handed ? pairing(frame, handed) : null}
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
