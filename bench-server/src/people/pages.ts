import { field } from '../auth/pages.ts';
import { LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE } from '../auth/passphrase.ts';
import type { Visitor } from '../auth/web-session.ts';
import type { Person } from '../db/schema.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { moment } from '../pages/parts.ts';

/** A one-time code that was just made for somebody, shown once. */
export type HandedOver = { person: Person; code: string };

export function peoplePage(frame: Frame, people: readonly Person[], handed: HandedOver | null): PageContent {
  const { say } = frame;
  const body = html` ${handed ? handOver(frame, handed) : null}
    <ul class="rows">
      ${people.map((person) => personItem(frame, person))}
    </ul>
    <form class="card narrow" method="post" action="/people">
      ${formToken(frame)}
      <h2>${say('Ajouter quelqu’un', 'Add somebody')}</h2>
      ${field('name', say('Nom', 'Name'), html`maxlength="80" autocomplete="off"`)}
      <label class="field"
        ><span>${say('Rôle', 'Role')}</span
        ><select name="role">
          <option value="technician">${say('Technicien', 'Technician')}</option>
          <option value="admin">${say('Responsable', 'Lead')}</option>
        </select></label
      >
      <button class="button">${say('Ajouter', 'Add')}</button>
    </form>`;
  return { title: say('Équipe', 'People'), here: 'people', body };
}

function handOver({ say }: Frame, { person, code }: HandedOver): Html {
  return html`<section class="card attention" role="status">
    <h2>${say('Code à remettre à', 'Code to hand over to')} ${said(person.name, 60)}</h2>
    <p class="code">${code}</p>
    <p>
      ${say(
        'Il ouvre cette page une seule fois, pendant 24 heures, et ne sera plus montré. Ensuite la personne choisit sa phrase secrète dans « compte ».',
        'It opens these pages once, within 24 hours, and is not shown again. The person then chooses a passphrase under “account”.',
      )}
    </p>
  </section>`;
}

function personItem(frame: Frame, { id, name, role, passphrase, signedInAt, disabledAt }: Person): Html {
  const { say, person } = frame;
  const act = (verb: string, text: string, mood = 'second'): Html =>
    html`<form method="post" action="/people/${id}/${verb}">
      ${formToken(frame)}<button class="button ${mood}" aria-label="${text} : ${name}">${text}</button>
    </form>`;
  const self = person?.id === id;
  return html`<li class="row person">
    <span class="what"
      ><strong>${said(name, 80)}</strong>
      <span class="quiet"
        >${role === 'admin' ? say('responsable', 'lead') : say('technicien', 'technician')} ·
        ${passphrase ? say('phrase secrète choisie', 'passphrase chosen') : say('sans phrase secrète', 'no passphrase')}</span
      ></span
    >
    <span class="when quiet"
      >${signedInAt ? html`${say('vu', 'seen')} ${moment(frame, signedInAt)}` : say('jamais venu', 'never signed in')}</span
    >
    <span class="actions"
      >${
        disabledAt
          ? html`<span class="badge alert">${say('Désactivé', 'Disabled')}</span
              >${act('enable', say('Réactiver', 'Enable'))}`
          : [
              act('code', say('Nouveau code', 'New code')),
              self ? null : act('disable', say('Désactiver', 'Disable'), 'danger'),
            ]
      }</span
    >
  </li>`;
}

export function accountPage(
  frame: Frame,
  { person, openedWith }: Visitor,
  outcome: Html | null,
): PageContent {
  const { say } = frame;
  const known = person.passphrase !== null && openedWith === 'passphrase';
  const length = html`type="password" minlength="${SHORTEST_PASSPHRASE}" maxlength="${LONGEST_PASSPHRASE}"
  autocomplete="new-password"`;
  const body = html`${outcome}
    <form class="card narrow" method="post" action="/account">
      ${formToken(frame)}
      <h2>
        ${person.passphrase ? say('Changer de phrase secrète', 'Change the passphrase') : say('Choisir une phrase secrète', 'Choose a passphrase')}
      </h2>
      <p class="quiet">
        ${say(
          'Au moins 12 caractères : plusieurs mots valent mieux que des signes. Vos autres connexions seront fermées.',
          'At least 12 characters: several words are better than signs. Your other sign-ins will be closed.',
        )}
      </p>
      <input
        class="hidden"
        name="username"
        autocomplete="username"
        value="${person.name}"
        readonly
        tabindex="-1"
        aria-hidden="true"
      />
      ${known ? field('current', say('Phrase actuelle', 'Current passphrase'), html`type="password" maxlength="${LONGEST_PASSPHRASE}" autocomplete="current-password"`) : null}
      ${field('passphrase', say('Nouvelle phrase', 'New passphrase'), length)}
      ${field('again', say('Encore une fois', 'Once more'), length)}
      <button class="button">${say('Enregistrer', 'Save')}</button>
    </form>`;
  const subtitle = html`<p class="quiet">
    ${said(person.name, 80)} ·
    ${person.role === 'admin' ? say('responsable', 'lead') : say('technicien', 'technician')}
  </p>`;
  return { title: say('Mon compte', 'My account'), here: 'account', subtitle, body };
}
