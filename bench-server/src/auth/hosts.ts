import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../config.ts';
import { ServerError } from '../refusals.ts';

/**
 * Refuses requests that name another host, so that a web page elsewhere cannot make a browser reach this server under
 * its own name (DNS rebinding). An address in digits is never a rebound name, but on loopback only this machine's do.
 * @param publicUrl what others call this server, if that is not where it listens
 * @throws ServerError wrong-host
 */
export function hostCheck(
  configured: string,
  publicUrl: string | null = null,
): (request: FastifyRequest) => Promise<void> {
  const known = publicUrl === null ? null : split(publicUrl.replace('https://', ''));
  const loopback = isLoopback(configured);
  const names = new Set(['localhost', configured, ...(loopback ? [] : [hostname(), `${hostname()}.local`])]);
  return async (request) => {
    const { name, port } = split(request.headers.host ?? '');
    const { localPort } = request.socket;
    const outside = known?.port === '0' ? String(localPort) : known?.port || '443';
    if (known && name === known.name && (port || '443') === outside) return;
    const addressed = isIP(name) !== 0 && (!loopback || isLoopback(name));
    const own = addressed || [...names].some((each) => each.toLowerCase() === name);
    const samePort = !loopback || Number(port || (request.protocol === 'https' ? 443 : 80)) === localPort;
    if (!own || !samePort) throw new ServerError('wrong-host', name);
  };
}

function split(host: string): { name: string; port: string } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(host);
  return { name: (match?.[1] ?? match?.[2] ?? '').toLowerCase(), port: match?.[3] ?? '' };
}
