import type { Frame } from '../pages/frame.ts';
import { html, type Html } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';
import type { Summary } from '../db/schema.ts';
import { pager } from '../pages/parts.ts';
import { machineList } from './lines.ts';
import type { MachineLine } from './queries.ts';

export type ListView = {
  machines: MachineLine[];
  more: boolean;
  wishes: { text: string; outcome: Summary | null; unconfirmed: boolean; page: number };
};

export function machineListPage(frame: Frame, { machines, more, wishes }: ListView): PageContent {
  const { say } = frame;
  const option = (value: string, text: string): Html =>
    html`<option value="${value}" ${(wishes.outcome ?? '') === value ? html`selected` : null}>
      ${text}
    </option>`;
  const body = html` <form class="filter" method="get" action="/machines" role="search">
      <label
        >${say('Rechercher', 'Search')}
        <input
          type="search"
          name="text"
          value="${wishes.text}"
          maxlength="100"
          placeholder="${say('modèle, numéro de série…', 'model, serial…')}"
      /></label>
      <label
        >${say('Effacement', 'Wipe')}
        <select name="outcome">
          ${option('', say('tous', 'all'))}${option('done', say('effacé', 'sanitized'))}
          ${option('failed', say('échec', 'failed'))}${option('unknown', say('inconnu', 'unknown'))}
          ${option('none', say('sans effacement', 'no wipe'))}
        </select></label
      >
      <label class="tick"
        ><input
          type="checkbox"
          name="state"
          value="unconfirmed"
          ${wishes.unconfirmed ? html`checked` : null}
        />
        ${say('à confirmer seulement', 'unconfirmed only')}</label
      >
      <button class="button">${say('Filtrer', 'Filter')}</button>
    </form>
    ${machineList(frame, machines)} ${pager(frame, wishes.page, more)}`;
  return { title: say('Machines', 'Machines'), here: 'machines', body };
}
