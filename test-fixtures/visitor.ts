import { type IncomingMessage, request } from 'node:http';

/** A browser without a screen: keeps cookies, fills forms with the token of the page they are on. */
export class Visitor {
  readonly url: string;
  readonly cookies = new Map<string, string>();

  constructor(url: string) {
    this.url = url;
  }

  async get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string; headers: Headers; bytes: Uint8Array }> {
    const response = await fetch(this.url + path, {
      redirect: 'manual',
      headers: { cookie: this.#cookie(), ...headers },
    });
    this.#keep(response);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return {
      status: response.status,
      text: new TextDecoder().decode(bytes),
      headers: response.headers,
      bytes,
    };
  }

  /** Sends a form of `page`, as a browser that was there would. */
  async form(
    page: string,
    action: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string; headers: Headers }> {
    const { text } = await this.get(page);
    const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1];
    if (!token) throw new Error(`no form on ${page}`);
    return await this.post(action, { _csrf: unescape(token), ...fields }, headers);
  }

  async post(action: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    const response = await fetch(this.url + action, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: this.#cookie(), origin: this.url, ...headers },
      body: new URLSearchParams(fields),
    });
    this.#keep(response);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  /** A GET whose path goes out exactly as written: `fetch` would tidy it first. */
  raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const sending = request(
        { hostname, port, path, headers: { cookie: this.#cookie(), ...headers } },
        (response) => {
          textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
        },
      );
      sending.on('error', reject).end();
    });
  }

  async signIn(code: string): Promise<this> {
    const { status } = await this.form('/sign-in', '/sign-in', { code });
    if (status !== 303) throw new Error(`sign-in answered ${status}`);
    return this;
  }

  #cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
  }
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

/** The whole body of an answer. */
export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += String(piece);
  return text;
}
