import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCmdline } from '../parse/cmdline.ts';
import { networkFiles } from './network-files.ts';
import { settingsOf } from './settings.ts';

const IMAGE = join(import.meta.dirname, '../../../live-image/overlay/usr/lib/systemd/network');

describe('what the network programs are told', () => {
  it('asks for an address by DHCP unless one is given', () => {
    const [dhcp] = networkFiles({ ethernet: null, wifi: [] });
    expect(dhcp).toMatchObject({ path: '/run/systemd/network/10-rebond-wired.network', mode: 0o644 });
    expect(dhcp?.text).toContain('DHCP=yes');
    const ethernet = { address: '192.0.2.20/24', gateway: '192.0.2.1', dns: ['192.0.2.1', '192.0.2.2'] };
    const [own] = networkFiles({ ethernet, wifi: [] });
    expect(own?.text).toContain(
      'DHCP=no\nLLMNR=no\nMulticastDNS=no\nLinkLocalAddressing=ipv6\nAddress=192.0.2.20/24\nGateway=192.0.2.1\nDNS=192.0.2.1\nDNS=192.0.2.2\n',
    );
  });

  it.each([
    ['90-rebond-ether.network', 0],
    ['90-rebond-wlan.network', 1],
  ] as const)('keeps every setting of the image’s own %s, which it replaces', (name, index) => {
    const wifi = [{ ssid: 'Atelier', passphrase: 'SECRET-1' }];
    const { text } = networkFiles({ ethernet: null, wifi })[index]!;
    const own = readFileSync(join(IMAGE, name), 'utf8');
    for (const line of own.split('\n').filter((each) => /^[^#]/.test(each)))
      expect(text.split('\n')).toContain(line);
  });

  it('puts each passphrase into a file that only root reads, and nowhere else', () => {
    const wifi = [
      { ssid: 'Atelier 3', passphrase: 'SECRET-1' },
      { ssid: 'été/../x', passphrase: ' SECRET\\2' },
    ];
    const files = networkFiles({ ethernet: null, wifi });
    const secret = files.filter(({ text }) => text.includes('SECRET'));
    expect(secret).toEqual([
      { path: '/var/lib/iwd/Atelier 3.psk', text: '[Security]\nPassphrase=SECRET-1\n', mode: 0o600 },
      {
        path: '/var/lib/iwd/=c3a974c3a92f2e2e2f78.psk',
        text: '[Security]\nPassphrase=\\sSECRET\\\\2\n',
        mode: 0o600,
      },
    ]);
  });
});

describe('settings', () => {
  const netboot = parseCmdline('rebond.server=https://192.0.2.10 rebond.workshop=atelier-a');

  it('take the server of the command line only where the file names none', () => {
    expect(settingsOf(null, netboot).servers).toEqual([{ url: 'https://192.0.2.10', pin: null }]);
    const config = { schema: 'rebond.config/1' as const, servers: [{ url: 'https://192.0.2.99' }] };
    expect(settingsOf(config, netboot).servers).toEqual([{ url: 'https://192.0.2.99', pin: null }]);
    expect(settingsOf(config, netboot).workshop).toBe('atelier-a');
  });

  it('are French, on a French keyboard, unless the file says otherwise', () => {
    expect(settingsOf(null, netboot)).toMatchObject({ lang: 'fr', keyboard: 'fr' });
    const config = { schema: 'rebond.config/1' as const, language: 'en' as const };
    expect(settingsOf(config, netboot)).toMatchObject({ lang: 'en', keyboard: 'us', bench: 'Bench' });
  });
});
