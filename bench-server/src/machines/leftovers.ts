import type { BootEntry, Checklist, Leftovers, MachineRecord, Part, Phrase, Reason } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { clock, facts } from '../pages/parts.ts';
import { partOf } from './probed.ts';

/** What the machine kept of its past beside its drives, and what a person looked for; records before version 4 say nothing. */
export function leftoverSection(frame: Frame, { leftovers, checklist }: MachineRecord): Html | null {
  if (!leftovers && !checklist) return null;
  const { say } = frame;
  return html`<section class="card" aria-labelledby="leftovers">
    <h2 id="leftovers">${say('Ce qui reste à part les disques', 'What is left over beside the drives')}</h2>
    ${checklist ? checklistList(frame, checklist) : null}
    ${leftovers ? firmwareFacts(frame, leftovers) : null}
  </section>`;
}

const ITEMS: Readonly<Record<Checklist['answers'][number]['item'], Phrase>> = {
  'sd-card': { fr: 'Carte SD', en: 'SD card' },
  sim: { fr: 'Carte SIM', en: 'SIM card' },
  optical: { fr: 'Disque optique', en: 'Optical disc' },
  stickers: { fr: 'Étiquettes de l’ancien propriétaire', en: 'Stickers of the former owner' },
};
const ANSWERS: Readonly<Record<Checklist['answers'][number]['answer'], Phrase>> = {
  removed: { fr: 'trouvé et retiré', en: 'found and removed' },
  nothing: { fr: 'rien trouvé', en: 'nothing found' },
  'not-looked': { fr: 'pas regardé', en: 'not looked' },
};

function checklistList(frame: Frame, { answers, at }: Checklist): Html {
  const { say, phrase } = frame;
  return html`<h3>${say('Regardé par le technicien', 'Looked at by the technician')}</h3>
    ${facts(
      answers.map(({ item, answer, seen }) => [
        phrase(ITEMS[item]),
        html`${answer === 'not-looked' ? html`<span class="badge alert">${phrase(ANSWERS[answer])}</span>` : phrase(ANSWERS[answer])}
        ${seen.length > 0 ? html`<span class="quiet">(${say('vu par la machine :', 'seen by the machine:')} ${said(seen.join(', '), 200)})</span>` : null}`,
      ]),
    )}
    <p class="quiet">${clock(frame, at)}</p>`;
}

function firmwareFacts(frame: Frame, { tpm, bootEntries, mok }: Leftovers): Html {
  const { say } = frame;
  return html`<h3>${say('Puce TPM', 'TPM')}</h3>
    ${partOf(frame, tpm, ({ family, last, clear }) =>
      facts([
        [say('Sorte', 'Kind'), family === 'unknown' ? say('version non lue', 'version not read') : family],
        [say('Effacement', 'Clear'), deed(frame, clear, REQUESTED)],
        [say('Demande d’avant', 'Request before'), lastWords(frame, last)],
      ]),
    )}
    <h3>${say('Entrées de démarrage', 'Boot entries')}</h3>
    ${entryList(frame, bootEntries)}
    <h3>${say('Clés de démarrage ajoutées (MOK)', 'Boot keys that were added (MOK)')}</h3>
    ${partOf(frame, mok, ({ keys, reset }) =>
      facts([
        [say('Clés', 'Keys'), String(keys)],
        [say('Retrait', 'Removal'), deed(frame, reset, REQUESTED)],
      ]),
    )}`;
}

type LastAnswer = Extract<Leftovers['tpm'], { outcome: 'read' }>['value']['last'];

/** What an earlier request came to: only a later start can say it. */
function lastWords({ say }: Frame, last: LastAnswer): Html | string {
  if (last.state === 'none') return say('aucune', 'none');
  if (last.state === 'unknown') return say('réponse non lue', 'answer not read');
  if (last.meaning === 'cleared') return html`<strong>${say('effacée', 'cleared')}</strong>`;
  const refused = last.meaning === 'refused';
  return html`${refused ? html`<span class="badge alert">${say('refusé', 'refused')}</span>` : say('autre opération', 'another operation')}
    <span class="quiet" lang="en">${said(last.text, 80)}</span>`;
}

function entryList(frame: Frame, entries: Part<BootEntry[]>): Html {
  return partOf(frame, entries, (list) =>
    list.length === 0
      ? html`<p class="quiet">${frame.say('aucune', 'none')}</p>`
      : html`<ul class="plain">
          ${list.map(
            ({ name, description, place, deed: done }) =>
              html`<li>
                <code>${name}</code> <strong>${said(description, 60)}</strong>
                <span class="quiet">${frame.phrase(PLACES[place.kind])}</span> ${deed(frame, done, REMOVED)}
              </li>`,
          )}
        </ul>`,
  );
}

const PLACES: Readonly<Record<BootEntry['place']['kind'], Phrase>> = {
  'sanitized-drive': { fr: 'vers un disque effacé ici', en: 'to a drive wiped here' },
  'other-drive': { fr: 'vers un autre disque', en: 'to another drive' },
  'no-drive': { fr: 'vers aucun disque présent', en: 'to no drive that was there' },
  removable: { fr: 'vers un support amovible', en: 'to a removable medium' },
  network: { fr: 'vers le réseau', en: 'to the network' },
  firmware: { fr: 'du micrologiciel', en: 'of the firmware' },
  unknown: { fr: 'destination non reconnue', en: 'destination not recognized' },
};
const REQUESTED: Phrase = {
  fr: 'demandé, pas encore fait : le micrologiciel l’exécute au prochain démarrage',
  en: 'asked for, not done yet: the firmware carries it out at the next start',
};
const REMOVED: Phrase = { fr: 'retirée', en: 'removed' };

type Deed =
  | { state: 'kept' | 'removed' | 'requested' | 'declined' | 'not-needed' }
  | { state: 'unavailable' | 'failed'; reason: Reason };

function deed({ say, phrase }: Frame, done: Deed, good: Phrase): Html {
  switch (done.state) {
    case 'kept':
      return html`${say('gardée', 'kept')}`;
    case 'removed':
    case 'requested':
      return html`<strong>${phrase(good)}</strong>`;
    case 'declined':
      return html`${say('le technicien a dit non', 'the technician said no')}`;
    case 'not-needed':
      return html`${say('rien à faire', 'nothing to do')}`;
    case 'unavailable':
      return html`${said(phrase(done.reason), 400)}`;
    case 'failed':
      return html`<span class="badge alert">${say('pas fait', 'not done')}</span>
        ${said(phrase(done.reason), 400)}`;
  }
}
