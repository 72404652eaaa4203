import { type Config, isWildcard } from '../config.ts';
import type { App } from '../http.ts';
import { listen } from '../listen.ts';
import { buildNetboot, type NetbootNeeds } from './listener.ts';

/** Starts the plain listener where the settings ask for one. @param url where the server itself listens */
export async function startNetboot(
  { netboot, imageFolder, host, publicUrl }: Pick<Config, 'netboot' | 'imageFolder' | 'host' | 'publicUrl'>,
  url: string,
  about: Pick<NetbootNeeds, 'images' | 'workshopId' | 'pin' | 'logger'>,
): Promise<{ url: string; app: App } | null> {
  if (!netboot || imageFolder === null) return null;
  const port = portOf(url);
  const app = await buildNetboot({
    ...about,
    folder: imageFolder,
    extra: netboot.extra,
    publicHost: publicUrl === null ? null : new URL(publicUrl).hostname,
    serverUrl: serverUrl(publicUrl?.replace(/:0$/, `:${port}`) ?? null, url, host),
  });
  return { url: await listen(app, netboot, false, 'REBOND_NETBOOT_PORT'), app };
}

/** A server on every address is called what the laptop called it; the pinned key says whether it is the one. */
function serverUrl(publicUrl: string | null, url: string, host: string): (named: string) => string {
  if (publicUrl !== null) return () => publicUrl;
  if (!isWildcard(host)) return () => url;
  const { protocol } = new URL(url);
  return (named) => `${protocol}//${named}:${portOf(url)}`;
}

/** `URL` drops the port that a protocol has by itself. */
function portOf(url: string): string {
  return /:(\d+)$/.exec(url)?.[1] ?? '443';
}
