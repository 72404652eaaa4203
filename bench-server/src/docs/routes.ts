import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import type { Workshop } from '../workshops/open.ts';
import { docsPage } from './pages.ts';

/** Describes every tagged route, from the schemas that also check its requests. Call before the routes are made. */
export async function documentInterface(app: App, workshop: Workshop): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rebond',
        version: '1',
        description: `The bench server of ${workshop.ref.id}. Documents are DSSE envelopes over canonical JSON (RFC 8785).`,
      },
    },
    hideUntagged: true,
    transform: jsonSchemaTransform,
  });
}

export function interfaceRoutes(app: App, desk: Desk): void {
  app.get('/api/openapi.json', async () => app.swagger());
  app.get('/api/docs', { onRequest: desk.may.anyone }, async (request, reply) => {
    const document = app.swagger();
    return desk.show(request, reply, (frame) => docsPage(frame, document));
  });
}
