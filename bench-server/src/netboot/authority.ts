import { isIP } from 'node:net';

/** A host and a port that may stand in a boot script as they are. */
export type Authority = { host: string; port: number };

/**
 * Reads a `Host` header. Whatever is not plainly a name or an address with a port is no answer: it would end up in
 * scripts that boot loaders run. Loaders that leave the port out mean the one they have connected to.
 */
export function plainAuthority(header: string | undefined, localPort: number): Authority | null {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253}))(?::(\d{1,5}))?$/.exec(
    (header ?? '').toLowerCase(),
  );
  const [bracketed, name, digits] = [match?.[1], match?.[2], match?.[3]];
  const port = digits === undefined ? localPort : Number(digits);
  if (port < 1 || port > 65_535) return null;
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? { host: `[${bracketed}]`, port } : null;
  if (name === undefined || !name.split('.').every((label) => LABEL.test(label))) return null;
  return { host: name, port };
}

/** RFC 1123, 2.1. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The address of a socket, for a client that did not say what it calls this server. */
export function socketAuthority(address: string | undefined, port: number): Authority {
  const plain = (address ?? '').replace(/^::ffff:/, '').replace(/%.*$/, '');
  return { host: isIP(plain) === 6 ? `[${plain}]` : plain || 'localhost', port };
}

export function httpUrl({ host, port }: Authority, path: string): string {
  return `http://${host}:${port}${path}`;
}

/** GRUB's name of this server as a device; it takes a port of an IPv6 address only after a comma. */
export function grubDevice({ host, port }: Authority): string {
  return `(http,${host}${host.startsWith('[') ? ',' : ':'}${port})`;
}
