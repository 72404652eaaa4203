import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Phrase } from '@rebond/protocol';
import type { Person } from '../db/schema.ts';
import type { Workshop } from '../workshops/open.ts';

export type Language = 'fr' | 'en';

/** Says it in the reader's language: `say('Disques', 'Drives')`. */
type Say = (fr: string, en: string) => string;

/** What every page knows of its reader and its house. */
export type Frame = {
  language: Language;
  say: Say;
  /** Says a phrase that comes in both languages. */
  phrase: (phrase: Phrase) => string;
  person: Person | null;
  workshop: Workshop;
  /** The pin of the HTTPS key; null on loopback. */
  pin: string | null;
  /** The token that this page's forms carry. */
  csrf: string;
  /** The address without its language, for the language switch. */
  here: { path: string; query: Record<string, string> };
};

export type Framer = (request: FastifyRequest, reply: FastifyReply) => Frame;

export function framer(workshop: Workshop, pin: string | null, secure: boolean): Framer {
  return (request, reply) => {
    const { path, query } = address(request.url);
    const asked = query['lang'];
    delete query['lang'];
    const language = languageOf(asked, request.cookies['lang'], request.headers['accept-language']);
    if (asked) {
      reply.setCookie('lang', language, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure,
        maxAge: 31_536_000,
      });
    }
    const say: Say = (fr, en) => (language === 'fr' ? fr : en);
    return {
      language,
      say,
      phrase: ({ fr, en }) => say(fr, en),
      person: request.visitor?.person ?? null,
      workshop,
      pin,
      csrf: reply.generateCsrf(),
      here: { path, query },
    };
  };
}

function address(url: string): Frame['here'] {
  const { pathname, searchParams } = new URL(url, 'http://here.invalid');
  return { path: pathname, query: Object.fromEntries(searchParams) };
}

/** French unless asked otherwise, by the address, an earlier choice, or the browser, in this order. */
export function languageOf(asked: string | undefined, kept: string | undefined, accepted = ''): Language {
  for (const choice of [asked, kept]) if (choice === 'fr' || choice === 'en') return choice;
  const wanted = accepted
    .slice(0, 200)
    .split(',')
    .map((each) => /^\s*(fr|en)\b[^;]*(?:;\s*q=([\d.]+))?\s*$/i.exec(each))
    .filter((match) => match !== null)
    .map((match) => ({ language: match[1]?.toLowerCase(), weight: Number(match[2] ?? 1) }))
    .toSorted((a, b) => b.weight - a.weight);
  return wanted[0]?.language === 'en' ? 'en' : 'fr';
}
