import type { Settings } from './settings.ts';

/** A file that another program of the image reads. */
export type SystemFile = { path: string; text: string; mode: number };

/** What systemd-networkd and iwd are told. A passphrase is in a file that only root reads, and nowhere else. */
export function networkFiles({ ethernet, wifi }: Pick<Settings, 'ethernet' | 'wifi'>): SystemFile[] {
  return [
    { path: '/run/systemd/network/10-rebond-wired.network', text: wired(ethernet), mode: 0o644 },
    ...(wifi.length > 0
      ? [{ path: '/run/systemd/network/20-rebond-wifi.network', text: WIRELESS, mode: 0o644 }]
      : []),
    ...wifi.map(({ ssid, passphrase }) => ({
      path: `/var/lib/iwd/${iwdName(ssid)}.psk`,
      text: `[Security]\nPassphrase=${iwdValue(passphrase)}\n`,
      mode: 0o600,
    })),
  ];
}

function wired(ethernet: Settings['ethernet']): string {
  // `Kind=!*` leaves out bridges and tunnels, which are ether too (systemd.network(5)).
  const match = '[Match]\nType=ether\nKind=!*\n';
  if (ethernet === null) return `${match}\n${dhcp(100)}`;
  const { address, gateway, dns = [] } = ethernet;
  const lines = [
    `Address=${address}`,
    ...(gateway === undefined ? [] : [`Gateway=${gateway}`]),
    ...dns.map((server) => `DNS=${server}`),
  ];
  return `${match}\n[Network]\nDHCP=no\n${QUIET}${lines.join('\n')}\n`;
}

/** As in the image's own files, which these replace: the laptop tells its neighbours nothing of itself. */
const QUIET = 'LLMNR=no\nMulticastDNS=no\nLinkLocalAddressing=ipv6\n';

function dhcp(metric: number, network = ''): string {
  return `[Network]\nDHCP=yes\n${QUIET}${network}
[DHCPv4]
UseHostname=no
SendHostname=no
UseTimezone=no
UseNTP=no
RouteMetric=${metric}

[DHCPv6]
UseHostname=no
UseNTP=no
`;
}

const WIRELESS = `[Match]\nType=wlan\nWLANInterfaceType=station\n\n${dhcp(600, 'IgnoreCarrierLoss=3s\n')}`;

/** iwd.network(5): letters, digits, blank, `_` and `-` stand for themselves; any other name is `=` and its bytes in hex. */
function iwdName(ssid: string): string {
  return /^[A-Za-z0-9 _-]+$/.test(ssid) ? ssid : `=${new TextEncoder().encode(ssid).toHex()}`;
}

/** iwd undoes `\\` and `\s`, and drops blanks at the beginning. */
function iwdValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(/^ /, '\\s');
}
