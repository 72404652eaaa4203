import type { Frame } from '../pages/frame.ts';
import { html, type Html } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';

/** As much of an OpenAPI document as the page shows. */
type Operation = {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; schema?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
};

/** The interface for programs, drawn from the same document that `/api/openapi.json` gives. */
export function docsPage({ say }: Frame, document: object): PageContent {
  const paths = (document as { paths?: Record<string, Record<string, Operation>> }).paths ?? {};
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const body = html` <p>
      ${say(
        'Ce que les ordinateurs et les programmes peuvent demander. Tout document est une enveloppe DSSE autour de JSON canonique (RFC 8785), signée en Ed25519 ; tout refus a un code stable et une phrase en français et en anglais.',
        'What laptops and programs can ask. Every document is a DSSE envelope around canonical JSON (RFC 8785), signed with Ed25519; every refusal has a stable code and a sentence in French and in English.',
      )} <a href="/api/openapi.json" download="rebond-openapi.json">openapi.json</a>
    </p>
    ${operations.map((each) => operationCard(say, each.path, each.method, each.operation))}`;
  return { title: say('Interface pour programmes', 'Interface for programs'), here: 'docs', body };
}

function operationCard(say: Frame['say'], path: string, method: string, operation: Operation): Html {
  const { summary, parameters = [], requestBody, responses = {} } = operation;
  return html`<section class="card operation">
    <h2><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h2>
    <p lang="en">${summary ?? ''}</p>
    ${
      parameters.length > 0
        ? html`<h3>${say('Paramètres', 'Parameters')}</h3>
            ${parameters.map((each) => schemaDetails(`${each.name} (${each.in})`, each.schema))}`
        : null
    }
    ${
      requestBody
        ? html`<h3>${say('Corps', 'Body')}</h3>
            ${contents(requestBody.content)}`
        : null
    }
    <h3>${say('Réponses', 'Responses')}</h3>
    ${answers(say, responses)}
  </section>`;
}

/** All refusals have one shape: they share a line. */
function answers(say: Frame['say'], responses: NonNullable<Operation['responses']>): Html[] {
  const all = Object.entries(responses);
  const refused = all.filter(([status]) => Number(status) >= 400);
  const [, shape] = refused[0] ?? [];
  return [
    ...all
      .filter(([status]) => Number(status) < 400)
      .flatMap(([status, { content }]) => contents(content, status)),
    ...contents(
      shape?.content,
      `${refused.map(([status]) => status).join(' ')} — ${say('refus', 'refusal')} —`,
    ),
  ];
}

function contents(content: Record<string, { schema?: unknown }> = {}, status = ''): Html[] {
  return Object.entries(content).map(([type, { schema }]) =>
    schemaDetails(`${status} ${type}`.trim(), schema),
  );
}

function schemaDetails(title: string, schema: unknown): Html {
  const lines = JSON.stringify(schema ?? {}, null, 2).split('\n');
  return html`<details>
    <summary><code>${title}</code></summary>
    <pre tabindex="0"><code>${lines.map((line) => html`${line} `)}</code></pre>
  </details>`;
}
