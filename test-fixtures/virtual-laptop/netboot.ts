// What a laptop that boots by network gets from DHCP and TFTP, made as docs/netboot.md says.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Firmware, LaptopError } from './describe.ts';

/** Seen from inside QEMU, this machine's loopback. */
export const HOST_SEEN = '10.0.2.2';

/** @param netbootUrl the bench server's listener for network boots, on this machine's loopback */
export async function netbootOf(
  firmware: Firmware,
  netbootUrl: string,
  folder: string,
): Promise<{ folder: string; file: string }> {
  const at = `${HOST_SEEN}:${new URL(netbootUrl).port || '80'}`;
  mkdirSync(join(folder, 'grub'), { recursive: true });
  // QEMU's own card speaks iPXE, which needs no loader by TFTP.
  if (firmware === 'bios') return { folder, file: `http://${at}/boot.ipxe` };
  const loaders = firmware === 'uefi-ia32' ? ['ia32.efi'] : ['shimx64.efi', 'grubx64.efi'];
  const wanted = [
    ...loaders.map((name) => [name, name] as const),
    ['grub/tftp.cfg', 'grub/grub.cfg'] as const,
  ];
  // Fetched under the address that laptops use: the files carry it.
  for (const [from, to] of wanted) writeFileSync(join(folder, to), await get(new URL(from, netbootUrl), at));
  return { folder, file: loaders[0]! };
}

async function get(url: URL, host: string): Promise<Buffer> {
  const request = httpGet(url, { headers: { host } });
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const bytes = Buffer.concat(await response.toArray());
    if (response.statusCode === 200) return bytes;
    throw new Error(`HTTP ${response.statusCode}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LaptopError(
      'bad-file',
      `${url.href}: ${why} (docs/netboot.md says how a server hands it out)`,
      {
        cause,
      },
    );
  }
}
