import { DESTRUCTION_METHODS, DestructionMethod, FragmentClass } from '@rebond/protocol';
import { field } from '../auth/pages.ts';
import { MEDIA } from '../certificates/pdf-names.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { facts, moment } from '../pages/parts.ts';
import { causeChip, destroyedChip, seenAgainBadge } from './parts.ts';
import type { DriveLine } from './queries.ts';

/** One drive of the quarantine: what is known of it, and the form by which a lead states its destruction. */
export function drivePage(frame: Frame, drive: DriveLine, now: Date): PageContent {
  const { say, phrase, person } = frame;
  const { destruction, cause, machineId, recordDigest, seenAgain } = drive;
  const body = html`
    ${seenAgain ? seenAgainNotice(frame, seenAgain) : null}
    <section class="card">
      <h2>
        ${say('Le disque', 'The drive')}
        <span class="marks"
          >${destruction ? destroyedChip(frame) : causeChip(frame, cause)}${seenAgainBadge(frame, seenAgain)}</span
        >
      </h2>
      ${facts([
        [say('Modèle', 'Model'), said(drive.model)],
        [say('Numéro de série', 'Serial'), said(drive.serial)],
        drive.propertyLabel
          ? [say('Étiquette de l’atelier', 'Property label'), said(drive.propertyLabel)]
          : null,
        ['WWID', said(drive.wwid)],
        [say('Sorte', 'Kind'), phrase(MEDIA[drive.medium])],
        [say('Vu en', 'Seen as'), html`<code>${said(drive.path, 80)}</code>`],
        [say('Depuis', 'Since'), moment(frame, drive.since, 'long')],
        [
          say('Machine', 'Machine'),
          html`<a href="/machines/${machineId}?record=${recordDigest}"><code>${machineId}</code></a>
            <span class="quiet">(${say('la fiche dit pourquoi', 'the record says why')})</span>`,
        ],
        destruction
          ? [
              say('Destruction', 'Destruction'),
              html`<a href="/destructions/${destruction}">${say('Certificat', 'Certificate')}</a>`,
            ]
          : null,
      ])}
    </section>
    ${destruction ? null : person?.role === 'admin' ? statementForm(frame, drive, now) : leadOnly(frame)}
  `;
  return { title: say('Disque en quarantaine', 'Drive in quarantine'), here: 'quarantine', body };
}

export function seenAgainNotice({ say }: Frame, recordDigest: string): Html {
  return html`<p class="notice bad">
    <strong>${say('Suspect :', 'Suspicious:')}</strong>
    ${say(
      'ce disque, ou ses numéros, a été vu dans une machine après avoir été déclaré détruit.',
      'this drive, or its numbers, was seen in a machine after it was stated to be destroyed.',
    )}
    <a href="/api/records/${recordDigest}.json" download>${say('La fiche signée', 'The signed record')}</a>
  </p>`;
}

function leadOnly({ say }: Frame): Html {
  return html`<p class="quiet">
    ${say('Seul le responsable note une destruction.', 'Only the lead notes a destruction.')}
  </p>`;
}

function statementForm(frame: Frame, drive: DriveLine, now: Date): Html {
  const { say, phrase } = frame;
  return html`<form class="card narrow" method="post" action="/quarantine/${drive.driveKey}/destroyed">
    ${formToken(frame)}
    <h2>${say('Noter sa destruction', 'Note its destruction')}</h2>
    <p>
      ${say(
        'Vous le déclarez sous votre nom ; l’outil ne l’a pas vu, et le certificat le dira en premier. Une destruction notée ne s’efface plus.',
        'You state it under your name; the tool did not see it, and the certificate says so first. A destruction that was noted cannot be taken back.',
      )}
    </p>
    <label class="field"
      ><span>${say('Méthode', 'Method')}</span
      ><select name="method" required>
        <option value="">${say('à choisir', 'choose one')}</option>
        ${DestructionMethod.options.map(
          (each) => html`<option value="${each}">${phrase(DESTRUCTION_METHODS[each])}</option>`,
        )}
      </select></label
    >
    <p class="quiet">
      ${say(
        'Un démagnétiseur n’agit ni sur la mémoire flash ni sur un support inconnu, et n’atteint que Purge sur un disque dur.',
        'A degausser does nothing to flash memory or an unknown medium, and reaches no more than Purge on a hard disk.',
      )}
    </p>
    <label class="field"
      ><span>${say('Morceaux, DIN 66399 (si connus)', 'Fragments, DIN 66399 (if known)')}</span
      ><select name="fragments">
        <option value="">${say('non déclarés', 'not stated')}</option>
        ${FragmentClass.options.map((each) => html`<option value="${each}">${each}</option>`)}
      </select></label
    >
    ${field('on', say('Jour', 'Day'), html`type="date" max="${now.toISOString().slice(0, 10)}"`)}
    ${field('place', say('Lieu ou entreprise', 'Place or company'), html`maxlength="200" autocomplete="off"`)}
    ${field('witness', say('Témoin (nom)', 'Witness (name)'), html`maxlength="200" autocomplete="off"`)}
    ${field('slip', say('Numéro du bordereau', 'Slip number'), html`maxlength="200" autocomplete="off"`)}
    <label class="field"
      ><span
        >${say('Étiquette de l’atelier sur le disque (s’il en porte une)', 'Property label on the drive (if it bears one)')}</span
      ><input
        name="label"
        maxlength="24"
        autocomplete="off"
        pattern="[A-Za-z0-9][A-Za-z0-9\\-]{1,22}[A-Za-z0-9]"
    /></label>
    <button class="button danger">${say('Certifier la destruction', 'Certify the destruction')}</button>
  </form>`;
}
