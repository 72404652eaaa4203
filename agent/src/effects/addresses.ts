import { networkInterfaces } from 'node:os';

/** Addresses by which this machine is on a network, `192.0.2.57 (enp1s0)`, IPv4 first; link-local ones left out. */
export function networkAddresses(): string[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map((each) => ({ name, ...each })),
  );
  const real = all.filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/.test(address));
  const sorted = real.toSorted((a, b) => a.family.localeCompare(b.family));
  return sorted.slice(0, 3).map(({ name, address }) => `${address} (${name})`);
}
