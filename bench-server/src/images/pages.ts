import type { ImageManifest } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { facts, moment } from '../pages/parts.ts';
import { bytes } from '../pages/units.ts';
import type { ImageState } from './open.ts';

/** What this server offers to sticks and to laptops that boot by network. */
export function imageSection(frame: Frame, state: ImageState): Html {
  const { say } = frame;
  return html`<section class="card" aria-labelledby="image">
    <h2 id="image">${say('Image de démarrage', 'Live image')}</h2>
    ${imageWords(frame, state)}
  </section>`;
}

function imageWords(frame: Frame, state: ImageState): Html {
  const { say, phrase } = frame;
  switch (state.kind) {
    case 'none':
      return html`<p class="quiet">
        ${say('Aucune : le réglage REBOND_IMAGE nomme le dossier d’une image.', 'None: the setting REBOND_IMAGE names the folder of an image.')}
      </p>`;
    case 'checking':
      return html`<p>${say('Vérification en cours…', 'Being checked…')}</p>`;
    case 'wrong':
      return html`<p>
        <span class="badge alert">${say('Pas proposée', 'Not offered')}</span> ${phrase(state.why)}
      </p>`;
    case 'offered':
      return offeredFacts(frame, state.manifest);
  }
}

function offeredFacts(frame: Frame, { version, serial, files, agentSha256 }: ImageManifest): Html {
  const { say } = frame;
  const digest = (sha256: string): Html => html`<code class="fingerprint">${sha256}</code>`;
  return html`<p>
      ${say('Proposée aux clés USB plus anciennes, et au démarrage par le réseau.', 'Offered to older sticks, and for booting by network.')}
    </p>
    ${facts([
      [say('Version', 'Version'), said(version, 60)],
      [say('Série', 'Serial'), serialMoment(frame, serial)],
      [say('Agent (SHA-256)', 'Agent (SHA-256)'), digest(agentSha256)],
      ...files.map(
        ({ name, sizeBytes, sha256 }) => [name, html`${bytes(frame, sizeBytes)} ${digest(sha256)}`] as const,
      ),
    ])}`;
}

/** A serial is seconds since 1970; what no calendar has stays a number. */
export function serialMoment(frame: Frame, serial: number): Html {
  const date = new Date(serial * 1000);
  if (Number.isNaN(date.getTime())) return html`<code>${serial}</code>`;
  return html`${moment(frame, date.toISOString(), 'long')} <span class="quiet">(${serial})</span>`;
}
