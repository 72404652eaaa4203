// The config.json of a stick for a laptop that is tried by hand, and the words by which its serial port speaks.
import { LaptopError } from './describe.ts';
import { HOST_SEEN } from './netboot.ts';

/** Everything that is said on the screen is written to the serial port too. */
export const BOOT_CFG = 'set extra="console=tty0 console=ttyS0,115200"\n';

/** A server of this machine, as the laptop reaches it. @throws LaptopError bad-description for plain HTTP */
export function configFor(url: string, pin: string): string {
  const config = {
    ...{ schema: 'rebond.config/1', servers: [{ url: seenFromLaptop(url), pin }] },
    ...{ bench: 'Virtuel', language: 'fr', keyboard: 'fr' },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** A config.json of one's own, with this machine's loopback under the address that the laptop has for it. */
export function configFrom(text: string): string {
  let config: { servers?: { url?: unknown }[] };
  try {
    config = JSON.parse(text) as typeof config;
  } catch (cause) {
    throw new LaptopError('bad-description', '--config: this file is not JSON', { cause });
  }
  const servers = config.servers?.map((each) =>
    typeof each.url === 'string' ? { ...each, url: seenFromLaptop(each.url) } : each,
  );
  return `${JSON.stringify({ ...config, ...(servers ? { servers } : {}) }, null, 2)}\n`;
}

function seenFromLaptop(address: string): string {
  const url = URL.parse(address);
  if (!url) throw new LaptopError('bad-description', `not an address: ${address}`);
  if (url.protocol !== 'https:')
    throw new LaptopError(
      'bad-description',
      `${address} is plain HTTP, which a laptop does not speak to a server: start it with REBOND_PUBLIC_URL=https://${HOST_SEEN}:8080 npm start, and take the https:// address and the pin that it prints`,
    );
  if (['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) url.hostname = HOST_SEEN;
  return url.origin;
}
