import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImageFolder, makeImageFolder } from '../../../test-fixtures/image-folder.ts';
import { type Scratch, scratch } from '../../../test-fixtures/scratch.ts';
import { textOf } from '../../../test-fixtures/visitor.ts';
import { openImages } from '../images/open.ts';
import { makeLogger } from '../log.ts';
import { buildNetboot, type NetbootNeeds } from './listener.ts';

let place: Scratch;
let image: ImageFolder;
const open: { close(): Promise<unknown> }[] = [];
let base: string;
let port: number;

beforeAll(async () => {
  place = scratch('netboot');
  image = makeImageFolder(join(place.path, 'image'));
  base = await serve(image.path);
  port = Number(new URL(base).port);
});
afterAll(async () => {
  await Promise.all(open.map((app) => app.close()));
  place.remove();
});

const PIN = `sha256/${'A'.repeat(42)}+=`;

async function serve(folder: string, change: Partial<NetbootNeeds> = {}): Promise<string> {
  const logger = makeLogger('silent');
  const app = await buildNetboot({
    images: openImages(folder, logger),
    folder,
    serverUrl: () => 'https://192.0.2.10:8080',
    publicHost: null,
    pin: PIN,
    workshopId: 'atelier-12345678',
    extra: 'console=tty0 console=ttyS0,115200',
    logger,
    ...change,
  });
  open.push(app);
  return await app.listen({ host: '127.0.0.1', port: 0 });
}

/** A GET whose path and headers go out exactly as written. */
async function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  at = base,
): Promise<{ status: number; text: string; rawHeaders: string[] }> {
  const { hostname, port } = new URL(at);
  const sending = request({ hostname, port, path, method, headers });
  sending.end();
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const { rawHeaders } = response;
  return { status: response.statusCode ?? 0, text: await textOf(response), rawHeaders };
}

const squashfs = (): string => image.manifest.files[2]?.sha256 ?? '';
const words = (at: string): string =>
  `boot=live fetch=http://${at}/filesystem.squashfs ip=dhcp rebond.image=${squashfs()} ` +
  `rebond.server=https://192.0.2.10:8080 rebond.pin=${PIN} rebond.workshop=atelier-12345678 ` +
  `${readFileSync(new URL('../../../live-image/boot/cmdline', import.meta.url), 'utf8').trim()} ` +
  'console=tty0 console=ttyS0,115200';

describe('boot scripts', () => {
  test('lead iPXE to kernel and initrd, with the words of stick and CD', async () => {
    const { status, text } = await get('/boot.ipxe', { host: '10.0.2.2:8081' });
    expect(status).toBe(200);
    expect(text.split('\n')[0]).toBe('#!ipxe');
    expect(text).toContain(
      `kernel http://10.0.2.2:8081/vmlinuz initrd=initrd.img ${words('10.0.2.2:8081')} ||`,
    );
    expect(text).toContain('initrd --name initrd.img http://10.0.2.2:8081/initrd.img ||');
  });

  test('lead GRUB there too, whose editor stays closed', async () => {
    const { text } = await get('/grub/grub.cfg', { host: '10.0.2.2:8081' });
    expect(text).toContain(`linux (http,10.0.2.2:8081)/vmlinuz ${words('10.0.2.2:8081')}\n`);
    expect(text).toContain('initrd (http,10.0.2.2:8081)/initrd.img\n');
    expect(text).toContain('set superusers="nobody"');
    for (const entry of text.match(/menuentry .*/g) ?? []) expect(entry).toContain('--unrestricted');
    const tftp = await get('/grub/tftp.cfg', { host: '10.0.2.2:8081' });
    expect(tftp.text).toContain('configfile (http,10.0.2.2:8081)/grub/grub.cfg\n');
  });

  test('name the port that was connected to where a loader leaves it out', async () => {
    expect((await get('/boot.ipxe', { host: 'banc.local' })).text).toContain(
      `fetch=http://banc.local:${port}/filesystem.squashfs`,
    );
  });

  test.each([
    'x\u0009kernel',
    'host;reboot',
    'host && shell',
    '${net0/mac}',
    '$(reboot)',
    'a"b',
    'host:0',
    'evil.example/x?',
    '[::1',
    'a b',
  ])('take nothing from a hostile Host: %j', async (host) => {
    for (const path of ['/boot.ipxe', '/grub/grub.cfg', '/grub/tftp.cfg']) {
      const { status, text } = await get(path, { host });
      expect(status).toBe(200);
      expect(text).not.toContain(host);
      expect(text).toContain(`127.0.0.1:${port}`);
    }
  });

  test('fall back to the name that the settings give', async () => {
    const at = await serve(image.path, { publicHost: 'banc.example' });
    const { text } = await get('/boot.ipxe', { host: 'a b' }, 'GET', at);
    expect(text).toContain(`fetch=http://banc.example:${new URL(at).port}/`);
  });

  test('carry no pin where there is none', async () => {
    const at = await serve(image.path, { pin: null, extra: '' });
    const { text } = await get('/boot.ipxe', {}, 'GET', at);
    expect(text).not.toContain('rebond.pin');
    expect(text).toContain('noeject ||');
  });
});

describe('files', () => {
  test('are sent whole and in part, and their length under the name that old loaders read', async () => {
    for (const [name, bytes] of Object.entries(image.contents)) {
      const whole = await fetch(`${base}/${name}`);
      expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
      const head = await get(`/${name}`, {}, 'HEAD');
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.rawHeaders.join('\n')).toContain(`Content-Length\n${bytes.length}`);
      const part = await get(`/${name}`, { range: 'bytes=1-2' });
      expect([part.status, part.rawHeaders.join('\n')]).toEqual([
        206,
        expect.stringContaining('Content-Length\n2'),
      ]);
    }
    expect((await get('/boot.ipxe')).rawHeaders).toContain('Content-Length');
    const head = await get('/boot.ipxe', {}, 'HEAD');
    expect([head.status, head.text]).toEqual([200, '']);
    expect((await fetch(`${base}/shimx64.efi`)).headers.get('content-type')).toBe('application/efi');
    expect(await (await fetch(`${base}/manifest.json`)).json()).toEqual(image.manifest);
  });

  test('and nothing else is, by any other name or method', async () => {
    writeFileSync(join(image.path, 'netboot', 'secret'), 'secret');
    for (const path of [
      '/',
      '/secret',
      '/vmlinuz/',
      '/VMLINUZ',
      '//vmlinuz',
      '/ia32.efi', // allowed, but this image has none
      '/../manifest.json',
      '/..%2fmanifest.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/netboot/vmlinuz',
      '/grub/../vmlinuz',
      '/grub/x86_64-efi/command.lst',
      '/api/workshop',
      '/sign-in',
      '/healthz',
    ]) {
      const { status, text, rawHeaders } = await get(path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('secret');
      expect(rawHeaders.map((each) => each.toLowerCase())).not.toContain('set-cookie');
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      expect([method, (await get('/vmlinuz', {}, method)).status]).toEqual([method, 404]);
    }
    expect((await get('/%')).status).toBe(400);
  });

  test('what is hardly HTTP gets a bare refusal', async () => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    socket.write('HELLO\r\n\r\n');
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('of an image that is not sound are not sent, nor scripts for it', async () => {
    const spoilt = makeImageFolder(join(place.path, 'spoilt'));
    rmSync(join(spoilt.path, 'netboot', 'vmlinuz'));
    const at = await serve(spoilt.path);
    for (const path of ['/boot.ipxe', '/grub/grub.cfg', '/initrd.img', '/shimx64.efi', '/manifest.json']) {
      expect([path, (await get(path, {}, 'GET', at)).status]).toEqual([path, 404]);
    }
  });
});

test('twenty laptops get everything at once; a flood is told to wait', async () => {
  const at = await serve(image.path);
  const boot = async (): Promise<number[]> => {
    const paths = ['boot.ipxe', 'grub/grub.cfg', 'vmlinuz', 'initrd.img', 'filesystem.squashfs'];
    const answers = await Promise.all(paths.map((path) => fetch(`${at}/${path}`)));
    return await Promise.all(answers.map(async (each) => (await each.arrayBuffer()) && each.status));
  };
  const laptops = await Promise.all(Array.from({ length: 20 }, boot));
  expect(new Set(laptops.flat())).toEqual(new Set([200]));
  const statuses = new Set<number>();
  for (let round = 0; round < 30; round++) {
    const flood = Array.from({ length: 40 }, () => get('/grub/tftp.cfg', {}, 'HEAD', at));
    for (const { status } of await Promise.all(flood)) statuses.add(status);
  }
  expect(statuses).toEqual(new Set([200, 429]));
});
