import type { Config } from './config.ts';
import type { App } from './http.ts';
import { StartRefusal } from './start-refusal.ts';

/** Listens where the settings say. @returns the address for people and laptops @throws StartRefusal */
export async function listen(app: App, { host, port }: Config, secure: boolean): Promise<string> {
  try {
    await app.listen({ host, port, listenTextResolver: (address) => `listening on ${address}` });
  } catch (error) {
    throw listenRefusal((error as NodeJS.ErrnoException).code, host, port) ?? error;
  }
  const bound = app.server.address();
  const actual = typeof bound === 'object' && bound ? bound.port : port;
  return `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

function listenRefusal(code: string | undefined, host: string, port: number): StartRefusal | null {
  if (code === 'EADDRINUSE') {
    return new StartRefusal(
      `Le port ${port} est déjà pris : arrêtez l’autre programme ou choisissez un autre PORT.`,
      `Port ${port} is already taken: stop the other program or choose another PORT.`,
    );
  }
  if (code === 'EACCES') {
    return new StartRefusal(
      `Ce compte n’a pas le droit d’ouvrir le port ${port}.`,
      `This account may not open port ${port}.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartRefusal(
      `Cette machine n’a pas l’adresse ${host}.`,
      `This machine does not have the address ${host}.`,
    );
  }
  return null;
}
