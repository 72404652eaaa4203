import { type ProtocolErrorCode, Uuid } from '@rebond/protocol';
import { z } from 'zod';
import { BareForm, must } from '../auth/routes.ts';
import type { Db } from '../db/schema.ts';
import type { App } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import type { Frame } from '../pages/frame.ts';
import { printed } from '../pages/foreign.ts';
import { html, type Html } from '../pages/html.ts';
import { formToken, type PageContent } from '../pages/layout.ts';
import { moment, pager } from '../pages/parts.ts';
import { bytes } from '../pages/units.ts';
import { refusalOf } from '../refusals.ts';
import { listRefused, markSeen, readTally, refusedBytes, type RefusedLine } from './refused.ts';

const Wishes = z.object({ page: z.coerce.number().int().min(1).max(1000).default(1) });
const ById = z.strictObject({ id: Uuid });

/** What was refused, for the lead to look at. */
export function refusedRoutes(app: App, desk: Desk, db: Db, now: () => Date): void {
  app.get(
    '/refused',
    { onRequest: desk.may.lead, schema: { querystring: Wishes } },
    async (request, reply) => {
      const { page } = request.query;
      const view = {
        ...(await listRefused(db, page)),
        page,
        tooLarge: await readTally(db, 'too-large'),
        dropped: await readTally(db, 'refused-dropped'),
      };
      return desk.show(request, reply, (frame) => refusedPage(frame, view));
    },
  );
  app.get(
    '/refused/:id/bytes',
    { onRequest: desk.may.lead, schema: { params: ById } },
    async ({ params: { id } }, reply) => {
      const found = await refusedBytes(db, id);
      must(found, 'not-found');
      reply.header('content-disposition', `attachment; filename="rebond-refused-${id}.bin"`);
      return reply.type('application/octet-stream').send(Buffer.from(found));
    },
  );
  app.post(
    '/refused/seen',
    { onRequest: desk.may.lead, preHandler: desk.form, schema: { body: BareForm } },
    async (_, reply) => {
      await markSeen(db, now());
      return reply.redirect('/refused', 303);
    },
  );
}

type View = { refused: RefusedLine[]; more: boolean; page: number; tooLarge: number; dropped: number };

function refusedPage(frame: Frame, { refused, more, page, tooLarge, dropped }: View): PageContent {
  const { say } = frame;
  const unseen = refused.some((each) => each.seenAt === null);
  const subtitle = unseen
    ? html`<form method="post" action="/refused/seen">
        ${formToken(frame)}<button class="button">${say('Tout est regardé', 'All looked at')}</button>
      </form>`
    : html``;
  const body = html` <p>
      ${say(
        'Ces envois n’ont pas pu être crus. Ils sont gardés tels quels, et rien n’en a été tiré. Un même refus répété est souvent une vieille clé USB ; une signature fausse mérite qu’on cherche.',
        'These submissions could not be believed. They are kept as they came, and nothing was taken from them. The same refusal again and again is often an old stick; a wrong signature deserves a search.',
      )}
    </p>
    ${
      refused.length === 0
        ? html`<p class="empty">${say('Rien n’a été refusé.', 'Nothing was refused.')}</p>`
        : html`<ul class="rows">
            ${refused.map((each) => refusedItem(frame, each))}
          </ul>`
    }
    ${
      tooLarge + dropped > 0
        ? html`<p class="quiet">
            ${say('Trop grands pour être gardés :', 'Too large to be kept:')} ${tooLarge}.
            ${say('Anciens, effacés pour faire place :', 'Old ones dropped to make room:')} ${dropped}.
          </p>`
        : null
    }
    ${pager(frame, page, more)}`;
  return { title: say('Envois refusés', 'Refused submissions'), here: 'refused', subtitle, body };
}

function refusedItem(
  frame: Frame,
  { id, code, detail, address, size, times, lastAt, seenAt }: RefusedLine,
): Html {
  const { say, phrase } = frame;
  return html`<li class="row refused">
    <span class="what"
      ><strong>${phrase(refusalOf(code as ProtocolErrorCode))}</strong>
      <span class="quiet"><code>${code}</code> ${detail ? printed(detail, 3) : null}</span></span
    >
    <span class="marks"
      >${seenAt ? null : html`<span class="badge alert">${say('Nouveau', 'New')}</span>`}${times > 1 ? html`<span class="badge">× ${times}</span>` : null}</span
    >
    <span class="when quiet"
      >${address} · ${moment(frame, lastAt)} ·
      <a href="/refused/${id}/bytes" download>${bytes(frame, size)}</a></span
    >
  </li>`;
}
