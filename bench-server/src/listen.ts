import { StartRefusal } from './start-refusal.ts';

type Listener = {
  listen(where: {
    host: string;
    port: number;
    listenTextResolver: (address: string) => string;
  }): Promise<unknown>;
  server: { address(): { port: number } | string | null };
};

/** Listens where the settings say. @returns the address for people and laptops @throws StartRefusal */
export async function listen(
  app: Listener,
  { host, port }: { host: string; port: number },
  secure: boolean,
  setting = 'PORT',
): Promise<string> {
  try {
    await app.listen({ host, port, listenTextResolver: (address) => `listening on ${address}` });
  } catch (error) {
    throw listenRefusal((error as NodeJS.ErrnoException).code, host, port, setting) ?? error;
  }
  const bound = app.server.address();
  const actual = typeof bound === 'object' && bound ? bound.port : port;
  return `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${actual}`;
}

function listenRefusal(
  code: string | undefined,
  host: string,
  port: number,
  setting: string,
): StartRefusal | null {
  if (code === 'EADDRINUSE') {
    return new StartRefusal(
      `Le port ${port} est déjà pris : arrêtez l’autre programme ou choisissez un autre ${setting}.`,
      `Port ${port} is already taken: stop the other program or choose another ${setting}.`,
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
