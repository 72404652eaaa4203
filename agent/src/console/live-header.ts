import type { Phrase } from '@rebond/protocol';
import { visible } from '@rebond/protocol';
import type { StickLine } from '../decide/stick-line.ts';
import { drawable, fit } from './charset.ts';
import { unreachedWords } from './unreached.ts';
import type { Lang } from './progress-line.ts';

/** What the agent knows of its server. */
export type ServerState =
  | { kind: 'none' }
  | { kind: 'trying' }
  | { kind: 'joined'; origin: string; workshop: string | null }
  /** `sinceMs`: monotonic time of the first try that failed. */
  | { kind: 'unreached'; sinceMs: number; detail: string }
  | { kind: 'refused'; reason: Phrase };

export type HeaderFacts = {
  version: string;
  workshop: string | null;
  bench: string;
  nowMs: number;
  startedMs: number;
  server: ServerState;
  addresses: readonly string[];
  stick: StickLine;
};

/** The header as plain lines, each of exactly `width` columns at most; the first is the title. */
export function headerLines(facts: HeaderFacts, lang: Lang, width: number): string[] {
  const say = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
  const place = [facts.workshop, facts.bench]
    .filter((word) => word !== null)
    .map((word) => visible(word, 40));
  const clock = `${say('en marche', 'running')} ${span(facts.nowMs - facts.startedMs)}`;
  const title = [`REBOND ${facts.version}`, ...place].join(' · ');
  const none = say('pas encore d’adresse', 'no address yet');
  const network =
    facts.addresses.length > 0 ? facts.addresses.map((each) => visible(each, 60)).join(' · ') : none;
  return [
    ends(` ${title}`, `${clock} `, width),
    labelled(say('Serveur', 'Server'), serverText(facts, say)),
    labelled(say('Réseau', 'Network'), network),
    labelled(say('Clé', 'Stick'), stickText(facts.stick, lang)),
    '─'.repeat(width),
  ].map((line) => fit(drawable(line), width));
}

export function stickText({ sentence, because }: StickLine, lang: Lang): string {
  return because === null ? sentence[lang] : `${sentence[lang]} — ${because[lang]}`;
}

function serverText({ server, nowMs }: HeaderFacts, say: (fr: string, en: string) => string): string {
  switch (server.kind) {
    case 'none':
      return say('aucun dans config.json', 'none in config.json');
    case 'trying':
      return say('appel en cours…', 'calling…');
    case 'joined':
      return `${say('joint', 'joined')} (${visible(server.origin, 60)})`;
    case 'unreached': {
      const since = span(nowMs - server.sinceMs);
      const { fr, en } = unreachedWords(server.detail);
      return say(`PAS JOINT depuis ${since} (${fr})`, `NOT REACHED for ${since} (${en})`);
    }
    case 'refused':
      return say(`REFUSE : ${visible(server.reason.fr, 120)}`, `REFUSES: ${visible(server.reason.en, 120)}`);
  }
}

function labelled(label: string, text: string): string {
  return ` ${label.padEnd(8)} ${text}`;
}

/** One text at each end of the line; where they do not both fit, the left one is cut. */
function ends(left: string, right: string, width: number): string {
  const room = Math.max(0, width - right.length - 1);
  const kept = fit(left, room);
  return `${kept}${' '.repeat(Math.max(1, width - kept.length - right.length))}${right}`;
}

/** `0:07`, `12:45`, `1:02:03`. */
export function span(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
