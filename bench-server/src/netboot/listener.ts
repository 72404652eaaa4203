import { join } from 'node:path';
import { Readable } from 'node:stream';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { App } from '../http.ts';
import type { Images } from '../images/open.ts';
import { sendImageFile, sendOpened } from '../images/send-file.ts';
import { logRequests } from '../log.ts';
import { bareRefusal, refuseConnection } from '../pages/errors.ts';
import { refusalOf, refusalOfError } from '../refusals.ts';
import { type Authority, plainAuthority, socketAuthority } from './authority.ts';
import { type BootFacts, grubConfig, grubTftpConfig, ipxeScript } from './scripts.ts';

export type NetbootNeeds = {
  images: Images;
  /** The builder's folder. */
  folder: string;
  /** The server's address for a laptop that reached this listener under `host`. */
  serverUrl(host: string): string;
  /** The name laptops know this machine by, for clients that give none. */
  publicHost: string | null;
  pin: string | null;
  workshopId: string;
  extra: string;
  logger: Logger;
};

/** The loaders beside the image. Whoever built the image says what they are: no manifest holds their digests. */
const LOADERS = [
  'manifest.json',
  'shimx64.efi',
  'grubx64.efi',
  'ia32.efi',
  'undionly.kpxe',
  'ipxe.efi',
] as const;

/** Enough for twenty laptops behind one address that all start at once, and start again. */
const REQUESTS_A_MINUTE = 1200;
const MOST_CONNECTIONS = 256;

/**
 * Plain HTTP for what cannot do better before a kernel runs: fixed names, read only, no cookies, nothing of the
 * interface. What it hands out is not secret, and the agent in it pins the server's key.
 */
export async function buildNetboot(needs: NetbootNeeds): Promise<App> {
  const app = Fastify({
    loggerInstance: needs.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1,
    requestTimeout: 10_000,
    connectionTimeout: 120_000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: bareRefusal,
    clientErrorHandler: refuseConnection,
  }) as unknown as App;
  app.server.maxConnections = MOST_CONNECTIONS;
  logRequests(app);
  await app.register(rateLimit, { max: REQUESTS_A_MINUTE, timeWindow: '1 minute' });
  app.setNotFoundHandler((_, reply) => refuse(reply, 'not-found'));
  app.setErrorHandler((error, request, reply) => {
    const { code } = refusalOfError(error) ?? { code: 'internal' };
    if (code === 'internal') request.log.error({ err: error }, 'unforeseen error');
    return refuse(reply, code as 'internal');
  });
  scripts(app, needs);
  files(app, needs);
  return app;
}

function scripts(app: App, needs: NetbootNeeds): void {
  const bootScript = (url: string, write: (facts: BootFacts) => string): void => {
    read(app, url, async (request, reply) => {
      const offered = await needs.images.offered();
      const squashfs = offered?.files.find(({ name }) => name === 'filesystem.squashfs');
      if (!squashfs) return refuse(reply, 'no-image');
      const at = authorityOf(request, needs.publicHost);
      const { pin, workshopId, extra } = needs;
      const server = needs.serverUrl(at.host);
      return text(
        request,
        reply,
        write({ at, imageSha256: squashfs.sha256, server, pin, workshopId, extra }),
      );
    });
  };
  bootScript('/boot.ipxe', ipxeScript);
  bootScript('/grub/grub.cfg', grubConfig);
  read(app, '/grub/tftp.cfg', async (request, reply) =>
    text(request, reply, grubTftpConfig(authorityOf(request, needs.publicHost))),
  );
}

function files(app: App, { images, folder }: NetbootNeeds): void {
  for (const name of ['vmlinuz', 'initrd.img', 'filesystem.squashfs'] as const) {
    read(app, `/${name}`, async (request, reply) => {
      const offered = await images.offered();
      const file = offered?.files.find((each) => each.name === name);
      const sent = file && (await sendImageFile(images, file, request, reply));
      return sent ? reply : refuse(reply, 'no-image');
    });
  }
  for (const name of LOADERS) {
    // UEFI's own HTTP boot takes a loader only under this type.
    const type = name.endsWith('.efi') ? 'application/efi' : 'application/octet-stream';
    read(app, `/${name}`, async (request, reply) => {
      if (!(await images.offered())) return refuse(reply, 'no-image');
      const path = join(folder, 'netboot', name);
      const sent = await sendOpened(path, type, null, request, reply, (mark) => mark !== 'gone');
      return sent ? reply : refuse(reply, 'not-found');
    });
  }
}

function read(
  app: App,
  url: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  app.route({ method: ['GET', 'HEAD'], url, handler });
}

function authorityOf({ headers, socket }: FastifyRequest, publicHost: string | null): Authority {
  const port = socket.localPort ?? 0;
  const named = plainAuthority(headers.host, port) ?? plainAuthority(publicHost ?? '', port);
  return named ?? socketAuthority(socket.localAddress, port);
}

/** As a stream, so that the framework leaves the name of the length's header alone. */
function text(request: FastifyRequest, reply: FastifyReply, words: string): FastifyReply {
  const bytes = Buffer.from(words);
  reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store');
  reply.raw.setHeader('Content-Length', bytes.length);
  return reply.send(request.method === 'HEAD' ? null : Readable.from([bytes]));
}

function refuse(reply: FastifyReply, code: Parameters<typeof refusalOf>[0]): FastifyReply {
  const { status, fr, en } = refusalOf(code);
  return reply.code(status).type('text/plain; charset=utf-8').send(`${fr}\n${en}\n`);
}
