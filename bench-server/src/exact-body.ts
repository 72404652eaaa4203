import type { App } from './http.ts';

/**
 * Routes that get the exact bytes of the body: what was signed is verified, not what a parser makes of it.
 * Each of them needs `validatorCompiler: anyBytes`, and its schema of the body describes it only.
 */
export async function exactBodies(
  app: App,
  types: readonly string[],
  limit: number,
  routes: (scope: App) => void,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      ['application/json', 'application/vnd.rebond.envelope+json', ...types],
      { parseAs: 'buffer', bodyLimit: limit },
      (_, body, done) => done(null, body),
    );
    routes(scope);
  });
}

export const anyBytes = () => (value: unknown) => ({ value });

export function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? new Uint8Array(body) : new Uint8Array();
}
