import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type Phrase, type SigningKey, visible } from '@rebond/protocol';
import {
  type Credentials,
  type Scope,
  signInAtServer,
  type SignIn,
  type StickFile,
  vouchByStick,
} from '../report/credentials.ts';
import { unreachedWords } from '../console/unreached.ts';
import type { Link } from './link.ts';
import type { Voice } from './voice.ts';

export type SignInDoors = {
  voice: Pick<Voice, 'ask' | 'tell' | 'lang'>;
  link: Pick<Link, 'server' | 'state' | 'look'>;
  stick: () => StickFile | null;
  now: () => Clock;
  /** Carries out `E` and `R`. @returns false for anything else */
  command: (typed: string) => Promise<boolean>;
  retryMs: number;
};

/**
 * Does not give up: a code is tried until the server answers, and Enter goes on with the stick where it may vouch.
 * Without either nothing could be proved, and the session waits here, before any drive is looked at.
 */
export async function signInLive(key: SigningKey, scope: Scope, doors: SignInDoors): Promise<Credentials> {
  const { voice, link, stick, now } = doors;
  for (;;) {
    const typed = (await voice.ask(() => question(doors))) ?? '';
    if (await doors.command(typed)) continue;
    const { kind } = link.state();
    if (typed !== '' && kind !== 'none' && kind !== 'refused') {
      const answer = await insist(typed, key, scope, doors);
      if (answer?.kind === 'vouched') return answer.credentials;
      if (answer?.kind === 'refused') voice.tell(refused(answer.reason), 'alarm');
      if (answer !== null) continue;
    }
    const own = stick();
    if (own) return await vouchByStick(own, key, scope, now());
    voice.tell(NOTHING, 'alarm');
    await link.look();
  }
}

/** @returns null when the technician would wait no longer */
async function insist(
  code: string,
  key: SigningKey,
  scope: Scope,
  doors: SignInDoors,
): Promise<SignIn | null> {
  const { voice, link, retryMs } = doors;
  const attempt = async (): Promise<SignIn> => signInAtServer(link.server, code, key, scope, doors.stick());
  let answer = await attempt();
  if (answer.kind !== 'unreachable') return answer;
  voice.tell(insisting(answer.detail));
  const answered = new AbortController();
  const waiting = { over: false };
  const pressed = voice.ask(() => WAITING, answered.signal).then(() => (waiting.over = true));
  while (!waiting.over) {
    await Promise.race([delay(retryMs), pressed]);
    if (waiting.over) break;
    await link.look();
    answer = await attempt();
    if (answer.kind !== 'unreachable') {
      answered.abort();
      await pressed;
      return answer;
    }
  }
  return null;
}

function question({ link, stick }: SignInDoors): Phrase {
  const { kind } = link.state();
  const vouches = stick() !== null;
  if (kind === 'none') return vouches ? STICK_ONLY : NOTHING_BUT_RETRY;
  if (kind === 'refused') return vouches ? STICK_IN_PLACE : REFUSED;
  const first =
    kind === 'joined'
      ? {
          fr: 'Tapez le code affiché par la page de l’atelier',
          en: 'Type the code shown by the workshop’s page',
        }
      : {
          fr: 'Le serveur n’est pas encore joint, j’essaie toujours. Tapez le code de l’atelier, il servira dès que possible',
          en: 'The server is not reached yet, I keep trying. Type the workshop’s code, it will be used as soon as possible',
        };
  if (!vouches) return { fr: `${first.fr} :`, en: `${first.en}:` };
  return {
    fr: `${first.fr}, ou Entrée seule : la clé répond de cette session :`,
    en: `${first.en}, or just Enter: the stick vouches for this session:`,
  };
}

const STICK_ONLY: Phrase = {
  fr: 'Aucun serveur dans config.json. Entrée : la clé répond de cette session. E : éteindre.',
  en: 'No server in config.json. Enter: the stick vouches for this session. E: power off.',
};
const NOTHING_BUT_RETRY: Phrase = {
  fr: 'Ni serveur ni clé appairée. Entrée : réessayer. E : éteindre. R : redémarrer.',
  en: 'Neither a server nor a paired stick. Enter: try again. E: power off. R: restart.',
};
const STICK_IN_PLACE: Phrase = {
  fr: 'Le serveur joint n’est pas le bon (voir plus haut). Entrée : la clé répond de cette session. E : éteindre.',
  en: 'The server reached is not the right one (see above). Enter: the stick vouches for this session. E: power off.',
};
const REFUSED: Phrase = {
  fr: 'Le serveur joint n’est pas le bon (voir plus haut) : aucun code ne lui est donné. Entrée : réessayer. E : éteindre.',
  en: 'The server reached is not the right one (see above): no code is given to it. Enter: try again. E: power off.',
};
const NOTHING: Phrase = {
  fr: 'Rien n’a été touché, et aucun disque ne le sera : sans code de l’atelier ni clé appairée, rien ne pourrait être prouvé. Demandez un code (page de l’atelier, « Nouvel ordinateur »), vérifiez le câble, ou mettez l’adresse du serveur dans rebond/config.json sur la clé.',
  en: 'Nothing was touched, and no drive will be: without a code of the workshop or a paired stick nothing could be proved. Ask for a code (the workshop’s page, “New laptop”), check the cable, or put the server’s address into rebond/config.json on the stick.',
};
const WAITING: Phrase = {
  fr: 'J’essaie encore avec ce code. Entrée : ne plus attendre le serveur.',
  en: 'I keep trying with this code. Enter: wait for the server no longer.',
};

function insisting(detail: string): Phrase {
  const { fr, en } = unreachedWords(detail);
  return { fr: `Le serveur n’est pas joint (${fr}).`, en: `The server is not reached (${en}).` };
}

function refused({ fr, en }: Phrase): Phrase {
  return {
    fr: `Le serveur refuse ce code : ${visible(fr, 300)}`,
    en: `The server refuses this code: ${visible(en, 300)}`,
  };
}
