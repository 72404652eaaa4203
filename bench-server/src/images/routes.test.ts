import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkChain, checkSignature, type Envelope, IMAGE_OFFER_TYPE, openAs } from '@rebond/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { type ImageFolder, makeImageFolder } from '../../../test-fixtures/image-folder.ts';
import { type Scratch, scratch } from '../../../test-fixtures/scratch.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { buildApp } from '../app.ts';
import type { App } from '../http.ts';
import { makeLogger } from '../log.ts';
import { openImages } from './open.ts';

let house: House;
let place: Scratch;
const open: App[] = [];
beforeAll(async () => {
  house = await openHouse();
  place = scratch('images');
});
afterAll(async () => {
  await Promise.all(open.map((app) => app.close()));
  await house.close();
  place.remove();
});

let made = 0;
const folder = (change?: Parameters<typeof makeImageFolder>[1]): ImageFolder =>
  makeImageFolder(join(place.path, String(made++)), change);

/** A second server on the house's database, with an image. @returns its address and its log */
async function serve(path: string): Promise<{ url: string; log: () => string }> {
  let log = '';
  const logger = makeLogger('debug', { write: (line) => void (log += line) });
  const { db, keys, workshop, codes } = house;
  const images = openImages(path, logger);
  const now = (): Date => new Date();
  const app = await buildApp({
    db,
    keys,
    workshop,
    codes,
    tls: null,
    host: '127.0.0.1',
    images,
    logger,
    now,
  });
  open.push(app);
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), log: () => log };
}

const codeOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { error: { code: string } }).error.code,
];
const sticksPage = async (url: string): Promise<string> => {
  const visitor = await new Visitor(url).signIn(await house.codes.make('sign-in', 'responsable'));
  return (await visitor.get('/sticks?lang=en')).text;
};

describe('an image that is what its manifest says', () => {
  let image: ImageFolder;
  let url: string;
  beforeAll(async () => {
    image = folder();
    ({ url } = await serve(image.path));
  });

  test('is offered by the server’s signature, for this workshop', async () => {
    const answer = await fetch(`${url}/api/images/latest`);
    expect(answer.status).toBe(200);
    const { offer, chain } = (await answer.json()) as { offer: Envelope; chain: Envelope[] };
    const { leaf, anchor } = await checkChain(chain);
    expect([anchor, leaf.subject.role]).toEqual([house.workshop.anchor, 'server']);
    await checkSignature(offer, leaf.subject.publicKey);
    expect(openAs(IMAGE_OFFER_TYPE, offer).payload).toMatchObject({
      audience: house.workshop.ref.id,
      manifest: image.manifest,
      offeredAt: { timeSource: 'server' },
    });
  });

  test('is sent whole or in part, by digest', async () => {
    for (const { name, sha256, sizeBytes } of image.manifest.files) {
      const path = `${url}/api/images/files/${sha256}`;
      const whole = await fetch(path);
      const bytes = Buffer.from(await whole.arrayBuffer());
      expect([whole.status, bytes.equals(image.contents[name] ?? Buffer.alloc(0))]).toEqual([200, true]);
      expect(whole.headers.get('content-length')).toBe(String(sizeBytes));
      const head = await fetch(path, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).toEqual([
        200,
        String(sizeBytes),
        'bytes',
      ]);
      expect(await head.text()).toBe('');
      const rest = await fetch(path, { headers: { range: `bytes=${sizeBytes - 3}-` } });
      expect([rest.status, rest.headers.get('content-range'), rest.headers.get('content-length')]).toEqual([
        206,
        `bytes ${sizeBytes - 3}-${sizeBytes - 1}/${sizeBytes}`,
        '3',
      ]);
      expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(-3))).toBe(true);
    }
  });

  test('a download that was cut off goes on where it stopped, if it is of the same file', async () => {
    const { sha256, sizeBytes } = image.manifest.files[2]!;
    const path = `${url}/api/images/files/${sha256}`;
    const range = 'bytes=500000-';
    const same = await fetch(path, { headers: { range, 'if-range': `"${sha256}"` } });
    expect([same.status, (await same.arrayBuffer()).byteLength]).toEqual([206, sizeBytes - 500_000]);
    const other = await fetch(path, { headers: { range, 'if-range': '"another"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, sizeBytes]);
    const beyond = await fetch(path, { headers: { range: `bytes=${sizeBytes}-` } });
    expect(beyond.headers.get('content-range')).toBe(`bytes */${sizeBytes}`);
    expect(await codeOf(beyond)).toEqual([416, 'no-such-range']);
  });

  test('a client that goes away in the middle costs the server nothing', async () => {
    const { sha256 } = image.manifest.files[2]!;
    for (let round = 0; round < 20; round++) {
      const ending = new AbortController();
      const answer = await fetch(`${url}/api/images/files/${sha256}`, { signal: ending.signal });
      await answer.body?.getReader().read();
      ending.abort();
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('nothing else is sent: only digests of the manifest', async () => {
    const visitor = new Visitor(url);
    expect(await codeOf(await fetch(`${url}/api/images/files/${'0'.repeat(64)}`))).toEqual([
      404,
      'not-found',
    ]);
    for (const path of ['manifest.json', '..%2fmanifest.json', '..%2f..%2fetc%2fpasswd', 'A'.repeat(64)]) {
      expect([path, (await visitor.raw(`/api/images/files/${path}`)).status]).toEqual([path, 400]);
    }
    expect((await visitor.raw('/api/images/files/../../../package.json')).status).toBe(404);
  });

  test('is shown to leads', async () => {
    const text = await sticksPage(url);
    expect(text).toContain('0.1.0');
    expect(text).toContain(image.manifest.files[2]?.sha256);
    expect(text).toContain('1790000000');
  });
});

describe('no image is offered', () => {
  test('where none is configured', async () => {
    expect(await codeOf(await fetch(`${house.url}/api/images/latest`))).toEqual([404, 'no-image']);
    const file = await fetch(`${house.url}/api/images/files/${'0'.repeat(64)}`);
    expect(await codeOf(file)).toEqual([404, 'no-image']);
    expect(await sticksPage(house.url)).toContain('REBOND_IMAGE');
  });

  test.each<[string, (image: ImageFolder) => void, RegExp]>([
    [
      'whose squashfs has another byte',
      ({ path, contents }) => {
        const bytes = Buffer.from(contents['filesystem.squashfs']!);
        bytes[500] = 255;
        writeFileSync(join(path, 'netboot', 'filesystem.squashfs'), bytes);
      },
      /filesystem\.squashfs is not the one/,
    ],
    [
      'whose kernel is longer',
      ({ path }) => appendFileSync(join(path, 'netboot', 'vmlinuz'), 'x'),
      /vmlinuz is not the one/,
    ],
    [
      'whose initrd is missing',
      ({ path }) => rmSync(join(path, 'netboot', 'initrd.img')),
      /incomplete or cannot be read/,
    ],
    [
      'whose manifest is none',
      ({ path }) => writeFileSync(join(path, 'manifest.json'), '{"schema":'),
      /manifest\.json is not that/,
    ],
    [
      'whose manifest names other files',
      ({ path, manifest }) => {
        const text = JSON.stringify(manifest).replace('"vmlinuz"', '"../../etc/shadow"');
        writeFileSync(join(path, 'manifest.json'), text);
      },
      /manifest\.json is not that/,
    ],
    [
      'whose manifest names a file twice',
      ({ path, manifest }) => {
        const [kernel, , squashfs] = manifest.files;
        writeFileSync(
          join(path, 'manifest.json'),
          JSON.stringify({ ...manifest, files: [kernel, kernel, squashfs] }),
        );
      },
      /manifest\.json is not that/,
    ],
    ['that is not there', ({ path }) => rmSync(path, { recursive: true }), /incomplete or cannot be read/],
  ])('%s', async (_, spoil, words) => {
    const image = folder();
    spoil(image);
    const { url, log } = await serve(image.path);
    expect(await codeOf(await fetch(`${url}/api/images/latest`))).toEqual([404, 'no-image']);
    const [file] = image.manifest.files;
    expect((await fetch(`${url}/api/images/files/${file?.sha256}`)).status).toBe(404);
    expect(log()).toContain('the image is not offered');
    expect(await sticksPage(url)).toMatch(words);
  });

  test('any more once a file of it changes', async () => {
    const image = folder();
    const { url } = await serve(image.path);
    const path = `${url}/api/images/files/${image.manifest.files[1]?.sha256}`;
    expect((await fetch(path)).status).toBe(200);
    writeFileSync(join(image.path, 'netboot', 'initrd.img'), 'AN INITRD');
    expect(await codeOf(await fetch(path))).toEqual([404, 'no-image']);
    expect(await codeOf(await fetch(`${url}/api/images/latest`))).toEqual([404, 'no-image']);
    expect(await sticksPage(url)).toContain('has changed since it was checked');
  });
});
